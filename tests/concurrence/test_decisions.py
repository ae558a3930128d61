"""Two people at once: one vote a seat, one closing, no envelope over-committed, no gap in the register."""

import datetime
import time
from decimal import Decimal

import pytest
from django.utils import timezone

from chantiers.enums import EtatDemande
from chantiers.models import DemandeFonds, Enveloppe
from chantiers.queries import disponible
from chantiers.services.decisions import decider_seul
from chantiers.services.deliberations import ouvrir_deliberation
from demarche.enums import Choix, EtatScrutin
from demarche.models import Exercice, InstanceGouvernance, JetonFormulaire, Resolution, Scrutin, Utilisateur, Vote
from demarche.services.jetons import une_seule_fois
from demarche.services.resolutions import inscrire_resolution
from demarche.services.votes import voter
from tests.factories.chantiers import DemandeFondsFactory, EnveloppeFactory, PosteDemandeFactory
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    UtilisateurFactory,
)


def soumise(montant, **instance):
    demande = DemandeFondsFactory(
        soumise=True,
        montant_demande=Decimal(montant),
        instance_gouvernance=InstanceGouvernanceFactory(**instance),
        regle__en_vigueur_du=datetime.date(2020, 1, 1),
        exercice=ExerciceFactory(annee=2025),
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


@pytest.fixture
def scrutin_ouvert(base_concurrente):
    """A request of 1 500 $ put to the seven seats."""
    for nom in ("coordination", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})
    demande = soumise("1500.00", comite=True)
    membres = [MandatFactory(du=datetime.date(2020, 1, 1)).utilisateur for _ in range(7)]
    scrutin = ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(coordonnateur=True),
        enveloppe=EnveloppeFactory(du=datetime.date(2020, 1, 1)),
        echeance=timezone.now() + datetime.timedelta(days=1),
    )
    return scrutin, membres


def un_vote(scrutin_pk, utilisateur_pk, choix):
    voter(scrutin_pk, auteur=Utilisateur.objects.get(pk=utilisateur_pk), choix=Choix(choix))


def test_same_vote_sent_many_times_counts_once(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    rendus = base_concurrente.lancer(un_vote, [(scrutin.pk, membres[0].pk, "pour")] * 6)
    assert {rendu.texte for rendu in rendus} == {""}
    assert Vote.objects.count() == 1


def test_pour_and_contre_at_once_leave_one(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    base_concurrente.lancer(un_vote, [(scrutin.pk, membres[0].pk, choix) for choix in ("pour", "contre") * 2])
    assert Vote.objects.count() == 1


def test_seven_seats_at_once_close_once(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    rendus = base_concurrente.lancer(un_vote, [(scrutin.pk, membre.pk, "pour") for membre in membres])
    assert {rendu.texte for rendu in rendus} == {""}
    assert Scrutin.objects.get().etat == EtatScrutin.CLOS
    assert DemandeFonds.objects.get().etat == EtatDemande.ACCORDEE
    assert Resolution.objects.count() == 1


def accorder(demande_pk, auteur_pk, enveloppe_pk):
    decider_seul(
        demande_pk,
        auteur=Utilisateur.objects.get(pk=auteur_pk),
        montant=Decimal("600.00"),
        enveloppe=Enveloppe.objects.get(pk=enveloppe_pk),
        motif="",
    )


def lire_puis_accorder(demande_pk, enveloppe_pk):
    """The control: read what is left, wait, then write, as code without a lock would."""
    libre = disponible(Enveloppe.objects.get(pk=enveloppe_pk))
    time.sleep(0.5)
    if libre >= 600:
        DemandeFonds.objects.filter(pk=demande_pk).update(motif="accordée sans verrou")


def test_two_grants_never_over_commit_an_envelope(base_concurrente):
    for nom in ("comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})
    enveloppe = EnveloppeFactory(montant=Decimal("1000.00"), du=datetime.date(2020, 1, 1))
    demandes = [soumise("600.00", coordination=True) for _ in range(2)]
    auteur = UtilisateurFactory(coordonnateur=True)
    rendus = base_concurrente.lancer(accorder, [(d.pk, auteur.pk, enveloppe.pk) for d in demandes])
    assert sorted(rendu.erreur for rendu in rendus) == ["", "ErreurMetier"]
    assert disponible(enveloppe) == Decimal("400.00")


def test_control_shows_the_race_without_lock(base_concurrente):
    InstanceGouvernanceFactory(coordination=True)
    enveloppe = EnveloppeFactory(montant=Decimal("1000.00"), du=datetime.date(2020, 1, 1))
    demandes = [soumise("600.00", coordination=True) for _ in range(2)]
    base_concurrente.lancer(lire_puis_accorder, [(d.pk, enveloppe.pk) for d in demandes])
    assert DemandeFonds.objects.filter(motif="accordée sans verrou").count() == 2


def inscrire(instance_pk, exercice_pk):
    return inscrire_resolution(
        instance_gouvernance=InstanceGouvernance.objects.get(pk=instance_pk),
        exercice=Exercice.objects.get(pk=exercice_pk),
        titre="Titre",
        texte="Texte",
        adoptee_le=datetime.date(2026, 1, 15),
        auteur=None,
    ).numero


def test_resolution_numbers_have_no_gap(base_concurrente):
    instance, exercice = InstanceGouvernanceFactory(comite=True), ExerciceFactory(annee=2025)
    rendus = base_concurrente.lancer(inscrire, [(instance.pk, exercice.pk)] * 6)
    assert sorted(rendu.valeur for rendu in rendus) == [1, 2, 3, 4, 5, 6]


def creer_avec_jeton(jeton):
    def creer():
        time.sleep(0.2)
        return str(ExerciceFactory(annee=2030).pk)

    return une_seule_fois(jeton, creer)


def test_double_click_makes_one_record(base_concurrente):
    jeton = "7b5f9a52-5b0d-4b26-8a43-7b8f4a2f8b5e"
    rendus = base_concurrente.lancer(creer_avec_jeton, [(jeton,)] * 3)
    assert sorted(rendu.valeur[1] for rendu in rendus) == [False, False, True]
    assert len({rendu.valeur[0] for rendu in rendus}) == 1
    assert JetonFormulaire.objects.count() == 1
