"""Two grants, two payments, two reversals at the same instant: never more than there is (R8)."""

from decimal import Decimal

import pytest

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Decaissement, DemandeFonds
from chantiers.demandes.queries.engagements import disponible
from chantiers.finances.services.decaissements import contrepasser, liberer_solde
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.services.exercices import clore_exercice
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from tests.concurrence.donnees import (
    accordee,
    accorder_en_rencontre,
    accorder_seul,
    aujourd_hui,
    comite_de_sept,
    enveloppe_de,
    exercice_du_jour,
    lignes,
    mettre_au_vote,
    par_erreur,
    payer,
    soumise,
    verifier_tout,
)
from tests.factories.chantiers import ResultatFinancierFactory
from tests.factories.demarche import InstanceGouvernanceFactory, RencontreFactory, UtilisateurFactory


@pytest.fixture
def auteur(base_concurrente):
    return UtilisateurFactory(coordonnateur=True)


@pytest.mark.regle("R8")
def test_two_grants_never_over_commit_an_envelope(base_concurrente, auteur):
    enveloppe = enveloppe_de("1000.00")
    demandes = [soumise("600.00", coordination=True) for _ in range(2)]
    rendus = base_concurrente.lancer(accorder_seul, [(d.pk, auteur.pk, enveloppe.pk) for d in demandes])
    assert par_erreur(rendus) == ["", "ErreurMetier"]
    assert disponible(enveloppe) == Decimal("400.00")
    verifier_tout()


def test_two_ballots_of_6_000_never_open_on_10_000(base_concurrente, auteur):
    enveloppe = enveloppe_de("10000.00")
    comite_de_sept()
    demandes = [soumise("6000.00", comite=True) for _ in range(2)]
    rendus = base_concurrente.lancer(mettre_au_vote, [(d.pk, auteur.pk, enveloppe.pk) for d in demandes])
    assert par_erreur(rendus) == ["", "ErreurMetier"]
    assert "n’a plus que" in "".join(rendu.texte for rendu in rendus)
    etats = DemandeFonds.objects.values_list("etat", flat=True)
    assert sorted(etats) == [EtatDemande.EN_DELIBERATION, EtatDemande.SOUMISE]
    verifier_tout()


@pytest.mark.parametrize(("instance", "plafond"), [("comite", "50000.00"), ("assemblee", "5000.00")])
def test_two_meetings_never_grant_6_000_twice_on_10_000(base_concurrente, auteur, instance, plafond):
    enveloppe = enveloppe_de("10000.00")
    comite_de_sept()
    demandes = [soumise("6000.00", plafond_comite=plafond, **{instance: True}) for _ in range(2)]
    qui = InstanceGouvernanceFactory(**{instance: True})
    rencontres = [RencontreFactory(instance_gouvernance=qui, date=aujourd_hui()) for _ in range(2)]
    rendus = base_concurrente.lancer(
        accorder_en_rencontre,
        [(d.pk, auteur.pk, enveloppe.pk, r.pk) for d, r in zip(demandes, rencontres, strict=True)],
    )
    assert par_erreur(rendus) == ["", "ErreurMetier"]
    assert "n’a plus que" in "".join(rendu.texte for rendu in rendus)
    assert (disponible(enveloppe), lignes(GenreEvenement.RESOLUTION)) == (Decimal("4000.00"), 1)
    verifier_tout()


def test_same_request_granted_many_times_at_once_is_granted_once(base_concurrente, auteur):
    enveloppe, demande = enveloppe_de("10000.00"), soumise("600.00", coordination=True)
    rendus = base_concurrente.lancer(accorder_seul, [(demande.pk, auteur.pk, enveloppe.pk)] * 6)
    assert par_erreur(rendus) == ["", *["ErreurMetier"] * 5]
    assert (disponible(enveloppe), lignes(GenreEvenement.RESOLUTION)) == (Decimal("9400.00"), 1)
    verifier_tout()


@pytest.mark.regle("R8")
def test_payments_at_once_never_exceed_the_grant(base_concurrente, auteur):
    demande = accordee("900.00")
    rendus = base_concurrente.lancer(payer, [(demande.pk, auteur.pk, "400.00")] * 6)
    assert par_erreur(rendus) == ["", "", *["ErreurMetier"] * 4]
    demande.refresh_from_db()
    assert (demande.montant_paye, demande.montant_a_payer) == (Decimal("800.00"), Decimal("100.00"))
    assert lignes(GenreEvenement.DECAISSEMENT) == 2
    verifier_tout()


def annuler_paiement(paiement_pk, auteur_pk):
    auteur = Utilisateur.objects.get(pk=auteur_pk)
    return contrepasser(paiement_pk, auteur=auteur, motif="Chèque perdu.", date=aujourd_hui()).pk


def test_reversal_sent_six_times_reverses_once(base_concurrente, auteur):
    demande = accordee("900.00")
    paiement = payer(demande.pk, auteur.pk, "400.00")
    rendus = base_concurrente.lancer(annuler_paiement, [(paiement, auteur.pk)] * 6)
    assert ({rendu.erreur for rendu in rendus}, len({rendu.valeur for rendu in rendus})) == ({""}, 1)
    demande.refresh_from_db()
    assert (Decaissement.objects.count(), demande.montant_paye) == (2, Decimal(0))
    assert lignes(GenreEvenement.CONTREPASSATION) == 1
    verifier_tout()


def payer_ou_liberer(verbe, demande_pk, auteur_pk):
    if verbe == "payer":
        return payer(demande_pk, auteur_pk, "900.00")
    return liberer_solde(demande_pk, auteur=Utilisateur.objects.get(pk=auteur_pk), motif="Projet fini.")


def test_payment_and_release_at_once_never_spend_twice(base_concurrente, auteur):
    demande = accordee("900.00")
    base_concurrente.lancer(payer_ou_liberer, [(verbe, demande.pk, auteur.pk) for verbe in ("payer", "libérer") * 3])
    demande.refresh_from_db()
    assert (demande.montant_paye + demande.montant_libere, demande.montant_a_payer) == (Decimal(900), Decimal(0))
    assert lignes(GenreEvenement.DECAISSEMENT) + lignes(GenreEvenement.LIBERATION) == 1
    verifier_tout()


def decider_ou_clore(verbe, demande_pk, auteur_pk, enveloppe_pk, exercice_pk):
    if verbe == "décider":
        return accorder_seul(demande_pk, auteur_pk, enveloppe_pk)
    return clore_exercice(exercice_pk, auteur=Utilisateur.objects.get(pk=auteur_pk)).est_clos


def test_no_decision_enters_an_exercice_after_its_closing(base_concurrente, auteur):
    exercice_du_jour()  # the resolution is numbered there
    exercice = exercice_du_jour(avant=1)
    ResultatFinancierFactory(exercice=exercice)
    demande, enveloppe = soumise("600.00", coordination=True, exercice=exercice), enveloppe_de("1000.00")
    appels = [(verbe, demande.pk, auteur.pk, enveloppe.pk, exercice.pk) for verbe in ("décider", "clore") * 3]
    rendus = base_concurrente.lancer(decider_ou_clore, appels)
    assert {rendu.erreur for rendu in rendus} == {"", "ErreurMetier"}
    decider_ou_clore("clore", None, auteur.pk, None, exercice.pk)
    genres = EvenementRegistre.objects.order_by("numero").values_list("genre", flat=True)
    assert list(genres) == [GenreEvenement.RESOLUTION, GenreEvenement.EXERCICE_CLOS]
    verifier_tout()
