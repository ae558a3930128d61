"""The controls: with its locks off, the very code of the services over-commits; with them on, it does not.

The processes run the real services. Only three things are taken away: `select_for_update`, the turn that a SQLite
transaction takes at its first statement, and, in one case, the constraint of the database. The order is imposed by
marks in a folder, never by luck: both read what is left, then the first writes everything, then the second.
"""

import contextlib
import time
from decimal import Decimal
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic

from chantiers.budget.models import Enveloppe
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.engagements import disponible
from chantiers.demandes.services import engagements
from chantiers.finances.services import decaissements
from tests.concurrence.donnees import accordee, accorder_seul, enveloppe_de, par_erreur, payer, soumise
from tests.factories.demarche import TeteRegistreFactory, UtilisateurFactory

PATIENCE = 0.3  # second, for another process that a lock holds back: it cannot come


def attendre(marque, delai):
    fin = time.monotonic() + delai
    while not marque.exists() and time.monotonic() < fin:
        time.sleep(0.005)


@contextlib.contextmanager
def sans_verrou():
    """Take the locks away from this process: its rows are read like any other."""
    with contextlib.ExitStack() as retraits:
        retraits.enter_context(mock.patch.object(QuerySet, "select_for_update", lambda lignes, **_: lignes))
        if connection.vendor == "sqlite":  # BEGIN IMMEDIATE is its only lock
            retraits.enter_context(
                mock.patch.multiple(Atomic, __enter__=mock.Mock(), __exit__=mock.Mock(return_value=False))
            )
        yield


def en_scene(rang, dossier, module, nom, verrous, contraintes, verbe, *arguments):
    """Call the verb; after the reading `module.nom`, wait for the other to have read, and the second for the first."""
    dossier, lecture = Path(dossier), getattr(module, nom)
    delai = PATIENCE if verrous else 60

    def lire_puis_attendre(*valeurs, **options):
        lu = lecture(*valeurs, **options)
        (dossier / f"lu-{rang}").touch()
        attendre(dossier / f"lu-{1 - rang}", delai)
        if rang == 1:
            attendre(dossier / "fini-0", delai)
        return lu

    if connection.vendor == "sqlite" and not contraintes:
        with connection.cursor() as curseur:
            curseur.execute("PRAGMA ignore_check_constraints = ON")
    try:
        with (
            mock.patch.object(module, nom, lire_puis_attendre),
            contextlib.nullcontext() if verrous else sans_verrou(),
        ):
            verbe(*arguments)
    finally:
        (dossier / f"fini-{rang}").touch()


def octroi_en_scene(rang, dossier, verrous, contraintes, *arguments):
    en_scene(rang, dossier, engagements, "disponible", verrous, contraintes, accorder_seul, *arguments)


def paiement_en_scene(rang, dossier, verrous, contraintes, *arguments):
    en_scene(rang, dossier, decaissements, "_verifier_montant", verrous, contraintes, payer, *arguments)


@contextlib.contextmanager
def contrainte_levee(modele, nom, retablir):
    """Drop one constraint on PostgreSQL (on SQLite each process ignores it), and put it back on rows made valid."""
    contrainte = next(c for c in modele._meta.constraints if c.name == nom)
    if connection.vendor == "postgresql":
        with connection.schema_editor() as editeur:
            editeur.remove_constraint(modele, contrainte)
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            retablir()
            with connection.schema_editor() as editeur:
                editeur.add_constraint(modele, contrainte)


@pytest.fixture
def deux_octrois(base_concurrente, tmp_path):
    """Two requests of 600 $ granted at once on an envelope of 1 000 $."""
    enveloppe, auteur = enveloppe_de("1000.00"), UtilisateurFactory(coordonnateur=True)
    demandes = [soumise("600.00", coordination=True) for _ in range(2)]
    TeteRegistreFactory()  # or the two first insertions of the head would already take turns

    def lancer(*, verrous, contraintes):
        return base_concurrente.lancer(
            octroi_en_scene,
            [(n, str(tmp_path), verrous, contraintes, d.pk, auteur.pk, enveloppe.pk) for n, d in enumerate(demandes)],
        )

    return lancer, enveloppe


def test_with_its_lock_the_second_grant_sees_the_first(deux_octrois):
    lancer, enveloppe = deux_octrois
    rendus = lancer(verrous=True, contraintes=True)
    assert par_erreur(rendus) == ["", "ErreurMetier"]
    assert disponible(enveloppe) == Decimal("400.00")


@pytest.mark.regle("R8")
def test_control_shows_the_race_without_lock(deux_octrois):
    lancer, enveloppe = deux_octrois
    tout_annuler = lambda: Enveloppe.objects.update(montant_engage=0)  # noqa: E731
    with contrainte_levee(Enveloppe, "enveloppe_engage_au_plus_disponible", tout_annuler):
        rendus = lancer(verrous=False, contraintes=False)
        assert [rendu.texte for rendu in rendus] == ["", ""]
        assert disponible(enveloppe) == Decimal("-200.00")
        enveloppe.refresh_from_db()
        assert enveloppe.montant_engage == Decimal("1200.00")


@pytest.mark.regle("R8")
def test_without_lock_the_database_is_the_last_to_refuse_a_grant(deux_octrois):
    lancer, enveloppe = deux_octrois
    premier, second = lancer(verrous=False, contraintes=True)
    assert (premier.texte, second.erreur) == ("", "IntegrityError")
    assert "enveloppe_engage_au_plus_disponible" in second.texte
    enveloppe.refresh_from_db()
    assert enveloppe.montant_engage == Decimal("600.00")


@pytest.fixture
def deux_paiements(base_concurrente, tmp_path):
    """Two payments of 600 $ at once on a grant of 900 $."""
    demande, auteur = accordee("900.00"), UtilisateurFactory(fiduciaire=True)

    def lancer(*, verrous, contraintes):
        appels = [(n, str(tmp_path), verrous, contraintes, demande.pk, auteur.pk, "600.00") for n in range(2)]
        return base_concurrente.lancer(paiement_en_scene, appels)

    return lancer, demande


def test_with_its_lock_the_second_payment_sees_the_first(deux_paiements):
    lancer, demande = deux_paiements
    assert par_erreur(lancer(verrous=True, contraintes=True)) == ["", "ErreurMetier"]
    demande.refresh_from_db()
    assert demande.montant_paye == Decimal("600.00")


def test_control_shows_the_race_of_payments_without_lock(deux_paiements):
    lancer, demande = deux_paiements
    tout_annuler = lambda: DemandeFonds.objects.update(montant_paye=0)  # noqa: E731
    with contrainte_levee(DemandeFonds, "demande_paye_au_plus_accorde", tout_annuler):
        assert [rendu.texte for rendu in lancer(verrous=False, contraintes=False)] == ["", ""]
        demande.refresh_from_db()
        assert demande.montant_paye == Decimal("1200.00")


def test_without_lock_the_database_is_the_last_to_refuse_a_payment(deux_paiements):
    lancer, demande = deux_paiements
    premier, second = lancer(verrous=False, contraintes=True)
    assert (premier.texte, second.erreur) == ("", "IntegrityError")
    assert "demande_paye_au_plus_accorde" in second.texte
    demande.refresh_from_db()
    assert demande.montant_paye == Decimal("600.00")
