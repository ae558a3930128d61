"""Questions and answers, changes of a submitted request, its letter: who, what, and with whose ids."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, SensMotif
from chantiers.demandes.models import DemandeFonds, MotifType, PrecisionDemande
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.precisions import demander_precisions
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from tests.adresses import adresse_de
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    PieceDemandeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import InstanceGouvernanceFactory, MandatFactory, SiegeFactory, UtilisateurFactory
from tests.factories.partenaires import OrganisationFactory
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    RegleAllocationFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


def soumise(**champs):
    demande = DemandeFondsFactory(**champs)
    PosteDemandeFactory(demande=demande, libelle="Frigo", montant=demande.montant_demande)
    return soumettre_demande(demande.pk, auteur=demande.demandeur)


def en_attente(**champs):
    demande = soumise(**champs)
    demander_precisions(
        demande.pk,
        auteur=UtilisateurFactory(),
        question="Avez-vous un devis?",
        avant_le=timezone.localdate() + datetime.timedelta(days=5),
    )
    demande.refresh_from_db()
    return demande


def adresse(route, demande, *autres):
    return adresse_de(f"demande_{route}", args=[demande.pk, *autres])


def saisie(demande, **autres):
    return {
        "version": demande.version,
        "action_collective": demande.action_collective_id,
        "titre": demande.titre,
        "motif": demande.motif,
        "organisation": demande.organisation_id or "",
        "exercice": demande.exercice_id,
        "postes-TOTAL_FORMS": "1",
        "postes-INITIAL_FORMS": "0",
        "postes-0-libelle": "Frigo",
        "postes-0-montant": "1500,00",
        "apports-TOTAL_FORMS": "1",
        "apports-INITIAL_FORMS": "0",
        "apports-0-genre": "cofinancement",
        "apports-0-source": "",
        "apports-0-montant": "",
        "jeton": str(uuid.uuid4()),
        **autres,
    }


QUI = {
    "interroger": ("soumise", {"coordonnateur": 200, "partenaire": 404, "administrateur": 404}),
    "repondre": ("precisions", {"coordonnateur": 200, "agent": 200, "partenaire": 404, "administrateur": 404}),
    "modifier": ("soumise", {"coordonnateur": 200, "agent": 200, "partenaire": 404, "administrateur": 404}),
    "lettre": (
        "accordee",
        {"coordonnateur": 200, "agent": 200, "membre_comite": 200, "fiduciaire": 200, "administrateur": 404},
    ),
}


@pytest.mark.parametrize("route", QUI)
def test_who_opens_which_page(client_de, route):
    etat, statuts = QUI[route]
    demande = en_attente() if etat == "precisions" else DemandeFondsFactory(**{etat: True})
    page = adresse(route, demande)
    assert {r: client_de(r).get(page).status_code for r in PERSONAS} == dict.fromkeys(PERSONAS, 403) | statuts


def test_letter_is_read_not_posted_and_waits_for_the_decision(client_de):
    client = client_de("coordonnateur")
    assert client.post(adresse("lettre", DemandeFondsFactory(accordee=True))).status_code == 405
    assert client.get(adresse("lettre", DemandeFondsFactory(soumise=True))).status_code == 403


def test_writer_reads_the_letter_of_a_refusal(client_de, personne_de):
    demande = DemandeFondsFactory(refusee=True, demandeur=personne_de("partenaire"))
    reponse = client_de("partenaire").get(adresse("lettre", demande))
    assert (reponse.status_code, reponse["Content-Type"], reponse.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_coordination_asks_with_a_reason_of_the_library(client_de):
    demande = soumise()
    motif = MotifType.objects.create(sens=SensMotif.PRECISIONS, texte="Avez-vous un devis?")
    donnees = {
        "version": demande.version,
        "motif_type": motif.pk,
        "question": "Pour le frigo.",
        "avant_le": "2027-01-30",
    }
    assert client_de("coordonnateur").post(adresse("interroger", demande), donnees).url == demande.get_absolute_url()
    assert PrecisionDemande.objects.get().question == "Avez-vous un devis?\nPour le frigo."


def test_question_without_words_is_told_beside_the_field(client_de):
    reponse = client_de("coordonnateur").post(adresse("interroger", soumise()), {"avant_le": "2027-01-30"})
    assert list(reponse.context["form"].errors) == ["question"]


def test_requester_answers_changes_and_attaches_at_once(client_de, personne_de):
    demande = en_attente(demandeur=personne_de("partenaire"))
    client = client_de("partenaire")
    assert "Avez-vous un devis?" in client.get(demande.get_absolute_url()).content.decode()
    donnees = saisie(
        demande,
        reponse="Oui, le voici.",
        piece=SimpleUploadedFile("devis.pdf", b"%PDF-1.4 devis"),
        **{"postes-0-montant": "1 800,00 $"},
    )
    assert client.post(adresse("repondre", demande), donnees).url == demande.get_absolute_url()
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_demande) == (EtatDemande.SOUMISE, Decimal(1800))
    assert demande.pieces.get().document.titre == "devis.pdf"
    assert client.get(adresse("repondre", demande)).url == demande.get_absolute_url()


def test_empty_answer_keeps_what_was_typed(client_de):
    demande = en_attente()
    reponse = client_de("agent").post(adresse("repondre", demande), saisie(demande, titre="Nouveau titre", reponse=""))
    assert list(reponse.context["form"].errors) == ["reponse"]
    assert 'value="Nouveau titre"' in reponse.content.decode()


@pytest.mark.parametrize("page", ["liste", "detail"])
def test_late_request_expires_when_read(client_de, horloge, page):
    demande = en_attente()
    horloge.shift(datetime.timedelta(days=6))
    client_de("coordonnateur").get("/demandes/" if page == "liste" else demande.get_absolute_url())
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.EXPIREE


def test_step_of_a_question_gives_the_day_of_its_answer_then_of_its_expiry(client_de, horloge):
    demande, client = en_attente(), client_de("coordonnateur")
    avant_le = demande.precisions.get().avant_le
    etape = client.get(demande.get_absolute_url()).context["etapes"][1]
    assert (etape["libelle"], etape["date"]) == ("Réponse attendue avant la fin du", avant_le)
    horloge.shift(datetime.timedelta(days=6))
    etape = client.get(demande.get_absolute_url()).context["etapes"][1]
    assert (etape["libelle"], etape["date"]) == ("Expirée, faute de réponse", avant_le + datetime.timedelta(days=1))


def test_team_reads_both_labels_the_requester_one(client_de, personne_de):
    demande = en_attente(demandeur=personne_de("partenaire"))
    equipe = client_de("coordonnateur").get(demande.get_absolute_url()).content.decode()
    assert "Précisions demandées" in equipe
    assert "Une réponse de votre part est attendue" in equipe
    assert "Précisions demandées" not in client_de("partenaire").get(demande.get_absolute_url()).content.decode()


@pytest.fixture
def mise_aux_voix(instances):
    MandatFactory(siege=SiegeFactory(instance_gouvernance=instances["comite"]))
    demande = soumise()
    ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(),
        echeance=timezone.now() + datetime.timedelta(days=7),
    )
    demande.refresh_from_db()
    return demande


def test_form_warns_then_asks_then_cancels_the_ballot(client_de, mise_aux_voix):
    client, ici = client_de("agent"), adresse("modifier", mise_aux_voix)
    assert "Un scrutin est ouvert" in client.get(ici).content.decode()
    donnees = saisie(mise_aux_voix, titre="Grand frigo", mot="Le prix a changé.")
    assert list(client.post(ici, donnees).context["form"].errors) == ["confirme"]
    page = client.post(ici, {**donnees, "confirme": "on"}, follow=True).content.decode()
    assert "Le scrutin est annulé; les personnes appelées" in page  # what just happened
    assert "Voir ce qui était soumis au vote" in page  # and what the page keeps of it
    mise_aux_voix.refresh_from_db()
    assert (mise_aux_voix.titre, mise_aux_voix.etat) == ("Grand frigo", EtatDemande.SOUMISE)
    assert Scrutin.objects.get().etat == EtatScrutin.ANNULE


def test_partner_changes_neither_the_request_of_another_nor_its_pieces(client_de):
    piece = PieceDemandeFactory(demande=soumise())
    client = client_de("partenaire")
    for route, autres in (("modifier", []), ("repondre", []), ("enlever", [piece.pk]), ("joindre", [])):
        assert client.post(adresse(route, piece.demande, *autres), saisie(piece.demande)).status_code == 404
    assert type(piece).objects.filter(pk=piece.pk).exists()


def test_piece_of_another_request_is_not_found(client_de, personne_de):
    sienne = soumise(demandeur=personne_de("partenaire"))
    piece = PieceDemandeFactory(demande=soumise())
    assert client_de("partenaire").post(adresse("enlever", sienne, piece.pk)).status_code == 404


def test_partner_names_no_budget_line_and_keeps_the_one_of_the_team(client_de, personne_de):
    demande = soumise(demandeur=personne_de("partenaire"))
    gardee = LigneBudgetaireFactory(action_collective=demande.action_collective, exercice=demande.exercice)
    DemandeFonds.objects.filter(pk=demande.pk).update(ligne_budgetaire=gardee)
    autre = LigneBudgetaireFactory()
    client, ici = client_de("partenaire"), adresse("modifier", demande)
    assert "Ligne du budget" not in client.get(ici).content.decode()
    client.post(ici, saisie(demande, titre="Un", ligne_budgetaire=autre.pk))
    demande.refresh_from_db()
    assert (demande.titre, demande.ligne_budgetaire) == ("Un", gardee)
    client.post(ici, saisie(demande, action_collective=ActionCollectiveFactory().pk))
    demande.refresh_from_db()
    assert demande.ligne_budgetaire is None


def test_budget_line_of_another_action_is_told_beside_the_field(client_de):
    demande, autre = soumise(), LigneBudgetaireFactory()
    reponse = client_de("agent").post(
        adresse("modifier", demande), saisie(demande, ligne_budgetaire=autre.pk, mot="Oui.")
    )
    assert list(reponse.context["form"].errors) == ["ligne_budgetaire"]


@pytest.mark.parametrize("montant", ["0", "-5", "NaN"])
def test_bad_contribution_is_told_beside_the_field(client_de, montant):
    demande = soumise()
    donnees = saisie(demande, **{"apports-0-source": "Caisse", "apports-0-montant": montant})
    reponse = client_de("agent").post(adresse("modifier", demande), donnees)
    assert list(reponse.context["apports"].forms[0].errors) == ["montant"]


def test_partner_does_not_read_the_titles_of_the_pending_requests_of_others(client_de, personne_de):
    sienne = soumise(demandeur=personne_de("partenaire"))
    soumise(titre="Projet secret", action_collective=sienne.action_collective, exercice=sienne.exercice)
    page = client_de("partenaire").get(sienne.get_absolute_url()).content.decode()
    assert "Projet secret" not in page
    assert "Une autre demande de cette action" in page
    assert "Projet secret" in client_de("agent").get(sienne.get_absolute_url()).content.decode()


@pytest.mark.parametrize("porteur", ["abc", "9" * 30, "999"])
def test_porteur_that_is_none_lists_everything(client_de, porteur):
    soumise()
    assert len(client_de("agent").get(f"/demandes/?porteur={porteur}").context["page"].object_list) == 1


def test_sign_about_a_porteur_is_for_those_who_see_every_request(client_de, personne_de):
    sienne = soumise(
        demandeur=personne_de("partenaire"), montant_demande=Decimal(600), organisation=OrganisationFactory()
    )
    soumise(montant_demande=Decimal(600), organisation=sienne.organisation)
    equipe = client_de("membre_comite").get(sienne.get_absolute_url()).content.decode()
    assert "totalisent" in equipe
    assert "ne change pas qui décide" in equipe
    assert "totalisent" not in client_de("partenaire").get(sienne.get_absolute_url()).content.decode()
    liste = client_de("membre_comite").get(f"/demandes/?porteur={sienne.organisation_id}").context["page"].object_list
    assert len(liste) == 2


def test_tab_of_the_action_says_the_total_and_who_decides_on_it(client_de):
    demande = soumise(montant_demande=Decimal(600))
    soumise(montant_demande=Decimal(600), action_collective=demande.action_collective, exercice=demande.exercice)
    page = client_de("agent").get(demande.action_collective.get_absolute_url()).content.decode()
    assert "1\xa0200,00\xa0$" in page
    assert "À ce total, qui décide\xa0: Comité de pilotage." in page
