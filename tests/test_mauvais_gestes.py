"""Gestures that no page of ours offers: another one's key, an instant too late, a state added to a form."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from django.utils.http import http_date

from chantiers.enums import EtatDemande
from chantiers.models import Decaissement, DemandeFonds
from chantiers.services.decisions import decider_seul
from chantiers.services.deliberations import ouvrir_deliberation
from demarche.enums import Choix, EtatScrutin
from demarche.models import EvenementRegistre, ProcesVerbal, Recusation, Vote
from demarche.services.scrutins import annuler_scrutin
from demarche.services.votes import recuser, voter
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    PieceDemandeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    ProcesVerbalFactory,
    UtilisateurFactory,
)
from tests.routes import AJOUTS

pytestmark = pytest.mark.django_db
UN_INSTANT = datetime.timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def instances():
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


def soumise(instance, montant="1500.00", **champs):
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instance, **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


@pytest.fixture
def comite():
    return [MandatFactory().utilisateur for _ in range(3)]


def ouvrir(instances, **champs):
    return ouvrir_deliberation(
        soumise(instances["comite"], **champs).pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(),
        echeance=timezone.now() + datetime.timedelta(days=7),
    )


@pytest.fixture
def scrutin(instances, comite):
    return ouvrir(instances)


def connecte(compte):
    client = Client()
    client.force_login(compte)
    return client


def repondre(compte, scrutin, choix="pour", **plus):
    return connecte(compte).post(reverse("demarche:scrutin_voter", args=[scrutin.pk]), {"choix": choix, **plus})


def choix_inscrits():
    return sorted(Vote.objects.values_list("choix", flat=True))


# The deadline: the clock of the server alone decides.


def test_a_vote_one_microsecond_before_the_deadline_counts(scrutin, comite, horloge):
    horloge.move_to(scrutin.echeance - UN_INSTANT)
    repondre(comite[0], scrutin)
    assert choix_inscrits() == ["pour"]


@pytest.mark.parametrize("retard", [datetime.timedelta(0), UN_INSTANT, datetime.timedelta(days=3)])
def test_a_vote_from_the_deadline_on_is_refused_whatever_the_client_says(scrutin, comite, horloge, retard):
    client = connecte(comite[0])  # the page was read, and the session opened, in time
    horloge.move_to(scrutin.echeance + retard)
    hier = timezone.now() - datetime.timedelta(days=10)
    client.post(
        reverse("demarche:scrutin_voter", args=[scrutin.pk]),
        {"choix": "pour", "vote_le": hier.isoformat(), "echeance": "2099-01-01"},
        headers={"Date": http_date(hier.timestamp()), "If-Unmodified-Since": http_date(hier.timestamp())},
    )
    scrutin.refresh_from_db()
    assert (choix_inscrits(), scrutin.etat, scrutin.clos_le) == ([], EtatScrutin.CLOS, scrutin.echeance)


# Somebody who may not, at a ballot that may not.


def test_direct_post_while_recused_is_refused(scrutin, comite):
    recuser(scrutin.pk, auteur=comite[0])
    repondre(comite[0], scrutin)
    assert (choix_inscrits(), Recusation.objects.count()) == ([], 1)


def test_direct_post_after_the_close_is_refused(scrutin, comite):
    for membre in comite:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    repondre(comite[0], scrutin, "contre")
    assert choix_inscrits() == ["pour"] * 3


def test_direct_post_to_a_cancelled_ballot_is_refused(instances, comite, personne_de):
    scrutin = ouvrir(instances)
    annuler_scrutin(scrutin.pk, motif="Erreur.", auteur=UtilisateurFactory())
    repondre(comite[0], scrutin)
    assert choix_inscrits() == []


def test_the_seat_of_another_in_the_form_changes_nothing(scrutin, comite):
    autre = scrutin.electeurs.get(utilisateur=comite[1])
    repondre(comite[0], scrutin, electeur=autre.pk, siege=autre.siege_id, utilisateur=comite[1].pk, canal="telephone")
    vote = Vote.objects.get()
    assert (vote.electeur.utilisateur, vote.utilisateur, vote.canal, vote.inscrit_par) == (
        comite[0],
        comite[0],
        "en_ligne",
        None,
    )


@pytest.mark.parametrize("compte", [{}, {"coordonnateur": True}, {"administrateur": True}, {"fiduciaire": True}])
def test_an_account_without_a_called_voice_does_not_vote(scrutin, compte):
    repondre(UtilisateurFactory(**compte), scrutin)
    assert choix_inscrits() == []


def test_a_seat_of_another_instance_does_not_vote(scrutin):
    ailleurs = MandatFactory(siege__instance_gouvernance=InstanceGouvernanceFactory()).utilisateur
    assert repondre(ailleurs, scrutin).status_code in (302, 404)
    assert choix_inscrits() == []


def test_who_asks_never_votes_from_a_seat_of_its_own(instances, comite):
    scrutin = ouvrir(instances, demandeur=comite[0])
    repondre(comite[0], scrutin)
    assert choix_inscrits() == []


@pytest.mark.parametrize("choix", ["", "oui", "POUR", "adoptee", "pour,contre"])
def test_a_choice_that_does_not_exist_is_refused(scrutin, comite, choix):
    repondre(comite[0], scrutin, choix)
    assert choix_inscrits() == []


def test_a_voice_of_another_ballot_is_refused_by_phone(instances, scrutin, comite, personne_de):
    autre = ouvrir(instances)
    electeur = autre.electeurs.get(utilisateur=comite[0])
    connecte(personne_de("agent")).post(
        reverse("demarche:scrutin_telephone", args=[scrutin.pk]),
        {"electeur": electeur.pk, "choix": "pour", "commentaire": ""},
    )
    assert choix_inscrits() == []


# A key of another object in the path.


def test_an_attachment_leaves_through_its_own_request_alone(instances):
    moi = UtilisateurFactory()
    piece = PieceDemandeFactory(demande=DemandeFondsFactory())
    mienne = DemandeFondsFactory(demandeur=moi)
    adresse = reverse("chantiers:demande_enlever", args=[mienne.pk, piece.pk])
    assert connecte(moi).post(adresse).status_code in (403, 404)
    assert type(piece).objects.filter(pk=piece.pk).exists()


@pytest.mark.parametrize("route", ["soumettre", "retirer", "modifier", "joindre", "repondre"])
def test_the_request_of_another_is_not_mine(instances, route, personne_de):
    demande = DemandeFondsFactory()
    reponse = connecte(personne_de("partenaire")).post(
        reverse(f"chantiers:demande_{route}", args=[demande.pk]), AJOUTS
    )
    demande.refresh_from_db()
    assert (reponse.status_code in (403, 404), demande.version, demande.etat) == (True, 1, EtatDemande.BROUILLON)


# A state, an amount, a resolution in a form that does not have them.


def test_states_and_amounts_added_to_the_form_of_a_request_change_nothing(instances):
    demande = DemandeFondsFactory()
    PosteDemandeFactory(demande=demande)
    client = connecte(demande.demandeur)
    adresse = reverse("chantiers:demande_modifier", args=[demande.pk])
    page = client.get(adresse)
    donnees = {
        "action_collective": demande.action_collective_id,
        "titre": "Un autre titre",
        "motif": "Un autre motif.",
        "exercice": demande.exercice_id,
        "version": demande.version,
        "jeton": page.context["form"]["jeton"].value() or "",
        "postes-TOTAL_FORMS": 1,
        "postes-INITIAL_FORMS": 0,
        "postes-0-libelle": "Frigo",
        "postes-0-montant": "20,00",
        "apports-TOTAL_FORMS": 0,
        "apports-INITIAL_FORMS": 0,
    }
    autre = UtilisateurFactory()
    client.post(
        adresse, {**donnees, **AJOUTS, "question": "", "motif": "Un autre motif.", "demandeur": autre.pk, "regle": 1}
    )
    demande.refresh_from_db()
    assert (demande.titre, demande.montant_demande) == ("Un autre titre", Decimal("20.00"))  # the form was good
    assert (demande.etat, demande.montant_accorde, demande.montant_paye, demande.resolution, demande.demandeur) == (
        EtatDemande.BROUILLON,
        None,
        Decimal(0),
        None,
        DemandeFonds.objects.get(pk=demande.pk).demandeur,
    )
    assert demande.demandeur != autre


def test_submitting_with_a_state_only_submits(instances):
    demande = DemandeFondsFactory(montant_demande=Decimal(1500))
    PosteDemandeFactory(demande=demande)
    RegleAllocationFactory()
    connecte(demande.demandeur).post(reverse("chantiers:demande_soumettre", args=[demande.pk]), AJOUTS)
    demande.refresh_from_db()
    assert (demande.etat, demande.instance_gouvernance, demande.montant_accorde) == (
        EtatDemande.SOUMISE,
        instances["comite"],
        None,
    )


def test_coordination_does_not_decide_what_the_comite_decides(instances, personne_de):
    demande = soumise(instances["comite"])
    enveloppe = EnveloppeFactory()
    connecte(personne_de("coordonnateur")).post(
        reverse("chantiers:demande_decider", args=[demande.pk]),
        {"decision": "accorder", "montant": "1500,00", "enveloppe": enveloppe.pk, "motif": "", "version": 1, **AJOUTS},
    )
    demande.refresh_from_db()
    assert (demande.etat, EvenementRegistre.objects.count()) == (EtatDemande.SOUMISE, 0)


# What is closed, what is frozen.


@pytest.fixture
def accordee(instances, personne_de):
    demande = soumise(instances["coordination"], "900.00")
    return decider_seul(
        demande.pk,
        auteur=personne_de("coordonnateur"),
        montant=Decimal(900),
        enveloppe=EnveloppeFactory(),
        motif="",
    )


def payer(client, demande, **autres):
    donnees = {
        "jeton": str(uuid.uuid4()),
        "genre": "paiement_direct",
        "montant": "100,00",
        "date": timezone.localdate().isoformat(),
        "beneficiaire": "Épicerie du Coin",
        "libelle": "Denrées",
        **autres,
    }
    return client.post(reverse("chantiers:demande_payer", args=[demande.pk]), donnees)


def test_a_payment_in_a_closed_exercice_is_refused(accordee, personne_de):
    client = connecte(personne_de("fiduciaire"))
    type(accordee.exercice).objects.update(est_clos=True)
    payer(client, accordee)
    assert not Decaissement.objects.exists()
    type(accordee.exercice).objects.update(est_clos=False)
    payer(client, accordee)  # the control: the form was good
    assert Decaissement.objects.count() == 1


@pytest.mark.parametrize("montant", ["900,01", "0", "-5", "1e9", "NaN", "Infinity", "10,001"])
def test_an_impossible_payment_is_refused(accordee, personne_de, montant):
    payer(connecte(personne_de("fiduciaire")), accordee, montant=montant)
    assert not Decaissement.objects.exists()


@pytest.mark.parametrize("route", ["modifier", "reprendre", "supprimer"])
def test_adopted_minutes_do_not_move(personne_de, route):
    proces_verbal = ProcesVerbalFactory(adopte=True, ouverture="Ce qui fut dit.")
    reponse = connecte(personne_de("coordonnateur")).post(
        reverse(f"demarche:proces_verbal_{route}", args=[proces_verbal.pk]),
        {"ouverture": "Autre chose.", "cloture": "Autre chose.", "version": proces_verbal.version, "etat": "projet"},
    )
    assert reponse.status_code < 500
    fige = ProcesVerbal.objects.get()
    assert (fige.etat, fige.ouverture, fige.version) == ("adopte", "Ce qui fut dit.", proces_verbal.version)


# No back door.


def test_there_is_no_django_admin():
    assert not apps.is_installed("django.contrib.admin")
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert Client().get("/admin/").status_code == 404


def test_spreadsheets_only_go_out():
    """No route receives a workbook: what an import could write, nobody can send."""
    entrees = [nom for nom in get_resolver().reverse_dict if isinstance(nom, str) and "import" in nom]
    for espace in ("demarche", "partenaires", "chantiers", "evaluation"):
        resolveur = get_resolver().namespace_dict[espace][1]
        entrees += [nom for nom in resolveur.reverse_dict if isinstance(nom, str) and "import" in nom]
    assert entrees == []
