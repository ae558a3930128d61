"""Requests and payments against the register: whatever is altered names its line (R7, R8)."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection

from chantiers.enums import GenreDecaissement
from chantiers.models import Decaissement, Deliberation, DemandeFonds
from chantiers.services.decaissements import contrepasser, decaisser, liberer_solde
from chantiers.services.decisions import decider_seul
from chantiers.services.deliberations import ouvrir_deliberation
from demarche.declencheurs import lever
from demarche.enums import Choix
from demarche.erreurs import ErreurMetier
from demarche.models import EvenementRegistre, Exercice
from demarche.queries.registre import decrire_lignes
from demarche.services.verification_registre import verifier_registre
from demarche.services.votes import voter
from tests.factories import JOUR
from tests.factories.chantiers import (
    DecaissementFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, MandatFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
D = Decimal
REQUETES = 36


@pytest.fixture(autouse=True)
def sans_declencheurs(db):
    lever(connection)


@pytest.fixture
def demande():
    """A request of 800 $ granted by the coordination; 300 $ paid, 100 $ paid then reversed, the rest released."""
    ExerciceFactory()
    for genre in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{genre: True})
    RegleAllocationFactory()
    demande = DemandeFondsFactory(soumise=True, montant_demande=D(800), demandeur=UtilisateurFactory())
    coordination = UtilisateurFactory(coordonnateur=True)
    decider_seul(
        demande.pk, auteur=coordination, montant=D(800), enveloppe=EnveloppeFactory(montant=D(5000)), motif=""
    )
    payer(demande, "300.00")
    annule = payer(demande, "100.00")
    contrepasser(annule.pk, auteur=coordination, motif="Payé deux fois.")
    liberer_solde(demande.pk, auteur=coordination, motif="Le projet a coûté moins cher.")
    demande.refresh_from_db()
    return demande


def payer(demande, montant):
    return decaisser(
        demande.pk,
        auteur=UtilisateurFactory(fiduciaire=True),
        genre=GenreDecaissement.PAIEMENT_DIRECT,
        montant=D(montant),
        date=JOUR,
        beneficiaire="Imprimerie du Coin",
        libelle="Affiches",
    )


def ruptures():
    return [str(rupture) for rupture in verifier_registre().ruptures]


def numero(genre):
    return EvenementRegistre.objects.filter(genre=genre).order_by("numero").first().numero


def test_grant_payments_and_release_are_whole(demande):
    assert (demande.montant_paye, demande.montant_libere) == (D(300), D(500))
    assert ruptures() == []


@pytest.mark.parametrize(
    ("changement", "phrase"),
    [
        ({"montant": D("310.00")}, "« montant » y vaut 300.00; dans la base, 310.00."),
        ({"date": datetime.date(2026, 1, 13)}, "« date » y vaut 2026-01-14; dans la base, 2026-01-13."),
        ({"genre": "transfert"}, "« genre » y vaut paiement_direct; dans la base, transfert."),
        ({"beneficiaire": "Quelqu’un d’autre"}, "à qui, pour quoi et par quelle référence"),
        ({"libelle": "Autre chose"}, "à qui, pour quoi et par quelle référence"),
        ({"reference": "999"}, "à qui, pour quoi et par quelle référence"),
    ],
)
def test_payment_changed_names_its_line(demande, changement, phrase):
    premier = Decaissement.objects.order_by("pk").first()
    Decaissement.objects.filter(pk=premier.pk).update(**changement)
    debut = f"ligne {numero('decaissement')} (decaissement {premier.pk}) : "
    assert any(texte.startswith(debut) and phrase in texte for texte in ruptures())


def test_payment_counted_in_another_exercice_is_named(demande):
    premier = Decaissement.objects.order_by("pk").first()
    Decaissement.objects.filter(pk=premier.pk).update(exercice=ExerciceFactory(annee=2024))
    assert [texte.split(" (")[0] for texte in ruptures()] == [f"ligne {numero('decaissement')}"]


def test_payment_that_the_register_does_not_know(demande):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_libere=D(0))
    inconnu = DecaissementFactory(demande=demande, montant=D(1))
    assert f"sans ligne (decaissement {inconnu.pk}) : aucune ligne ne dit ce paiement." in ruptures()


def test_payment_deleted_is_named(demande):
    premier = Decaissement.objects.order_by("pk").first()
    Decaissement.objects.filter(pk=premier.pk).delete()
    textes = ruptures()
    assert (
        f"ligne {numero('decaissement')} (decaissement {premier.pk}) : le paiement dont elle parle n’existe plus."
        in textes
    )
    assert any("la somme de ses paiements" in texte for texte in textes)


def test_amount_granted_paid_or_released_changed(demande):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_accorde=D(799), montant_libere=D(499))
    resolution, liberation = numero("resolution"), numero("liberation")
    assert ruptures() == [
        f"ligne {resolution} (resolution {demande.resolution_id}) : « montant » y vaut 800.00; dans la base, 799.00.",
        f"ligne {liberation} (demande {demande.pk}) : "
        "le solde libéré est de 499.00 dans la base, de 500.00 au registre.",
    ]
    DemandeFonds.objects.filter(pk=demande.pk).update(
        montant_accorde=D(800), montant_libere=D(500), montant_paye=D(200)
    )
    assert ruptures() == [
        f"sans ligne (demande {demande.pk}) : le montant payé est de 200.00, la somme de ses paiements de 300.00."
    ]


@pytest.fixture
def deliberation():
    ExerciceFactory()
    for genre in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{genre: True})
    RegleAllocationFactory()
    membre = MandatFactory().utilisateur
    demande = DemandeFondsFactory(soumise=True, montant_demande=D(3000), demandeur=UtilisateurFactory())
    scrutin = ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(coordonnateur=True),
        enveloppe=EnveloppeFactory(montant=D(5000)),
        echeance=datetime.datetime(2026, 1, 20, 17, tzinfo=datetime.UTC),
        montant=D(2500),
    )
    voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    return Deliberation.objects.get()


def test_amount_put_to_the_vote_changed_names_the_opening(deliberation):
    assert ruptures() == []
    Deliberation.objects.update(montant=D(2600))
    assert ruptures() == [
        f"ligne {numero('ouverture')} (scrutin {deliberation.scrutin_id}) : "
        "« montant » y vaut 2500.00; dans la base, 2600.00."
    ]


def test_lines_about_money_in_plain_french_without_a_name(demande):
    phrases = [ligne.phrase for ligne in decrire_lignes(EvenementRegistre.objects.order_by("numero"))]
    assert phrases == [
        "Inscription de la résolution",
        "Paiement de 300,00 $",
        "Paiement de 100,00 $",
        "Annulation d’un paiement : −100,00 $",
        "Libération d’un solde de 500,00 $",
    ]


def test_closed_exercice_takes_neither_decision_nor_payment(demande):
    autre = DemandeFondsFactory(soumise=True, montant_demande=D(500), demandeur=UtilisateurFactory())
    enveloppe = demande.enveloppe
    Exercice.objects.update(est_clos=True)
    avant = EvenementRegistre.objects.count()
    with pytest.raises(ErreurMetier, match="est clos"):
        decider_seul(
            autre.pk, auteur=UtilisateurFactory(coordonnateur=True), montant=D(500), enveloppe=enveloppe, motif=""
        )
    with pytest.raises(ErreurMetier, match="est clos"):
        ouvrir_deliberation(
            autre.pk,
            auteur=UtilisateurFactory(coordonnateur=True),
            enveloppe=enveloppe,
            echeance=datetime.datetime(2026, 1, 20, 17, tzinfo=datetime.UTC),
        )
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_libere=D(0))
    with pytest.raises(ErreurMetier, match="est clos"):
        payer(demande, "10.00")
    with pytest.raises(ErreurMetier, match="est clos"):
        liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Fini.")
    assert EvenementRegistre.objects.count() == avant


@pytest.mark.parametrize("nb", [1, 3])
def test_as_many_queries_whatever_the_payments(nb, demande, django_assert_max_num_queries):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_libere=D(0))
    for _ in range(nb):
        payer(demande, "10.00")
    with django_assert_max_num_queries(REQUETES):
        verifier_registre()
