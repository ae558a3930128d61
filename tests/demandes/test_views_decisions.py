import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Mandat
from demarche.scrutins.models import Recusation, Vote
from tests.adresses import adresse_de
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    OrganisationConcerneeFactory,
    PosteDemandeFactory,
)
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    SiegeFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import RepresentationFactory
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


def soumise(montant, instance, **champs):
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instance, **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


@pytest.fixture
def deliberation(instances, personne_de):
    """A request of 1 500 $ put to the persona of the comité and two other seats."""
    personne_de("membre_comite")
    for _ in range(2):
        MandatFactory()
    demande = soumise("1500.00", instances["comite"])
    ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(montant=Decimal(2000)),
        echeance=timezone.now() + datetime.timedelta(days=7),
    )
    demande.refresh_from_db()
    return demande


def adresse(route, demande):
    if route == "voter":
        return reverse("scrutins:scrutin_voter", args=[demande.scrutin.pk])
    return adresse_de(f"demande_{route}", args=[demande.pk])


ROUTES = {
    "ouvrir": ("1500.00", "comite"),
    "decider": ("900.00", "coordination"),
}


@pytest.mark.parametrize("route", ROUTES)
def test_only_the_coordination_opens_decides_and_records(client_de, instances, route):
    montant, instance = ROUTES[route]
    page = adresse(route, soumise(montant, instances[instance]))
    attendus = dict.fromkeys(PERSONAS, 403) | {"coordonnateur": 200, "partenaire": 404, "administrateur": 404}
    assert {role: client_de(role).get(page).status_code for role in PERSONAS} == attendus


@pytest.mark.parametrize("route", ROUTES)
def test_a_file_of_another_instance_is_refused(client_de, instances, route):
    autre = next(nom for nom in instances if nom != ROUTES[route][1])
    montant = {"comite": "1500.00", "coordination": "900.00", "assemblee": "60000.00"}[autre]
    demande = soumise(montant, instances[autre])
    assert client_de("coordonnateur").post(adresse(route, demande), {}).status_code == 403


def test_coordination_grants_from_the_form(client_de, instances):
    demande = soumise("900.00", instances["coordination"])
    client_de("coordonnateur").post(
        adresse("decider", demande),
        {"decision": "accorder", "montant": "850,00", "enveloppe": EnveloppeFactory().pk, "motif": ""},
    )
    demande.refresh_from_db()
    assert demande.montant_accorde == Decimal("850.00")


def test_refusal_without_reason_is_told_beside_the_field(client_de, instances):
    demande = soumise("900.00", instances["coordination"])
    reponse = client_de("coordonnateur").post(adresse("decider", demande), {"decision": "refuser"})
    assert list(reponse.context["form"].errors) == ["motif"]


def test_opening_ballot_from_the_form(client_de, instances):
    MandatFactory()
    demande = soumise("1500.00", instances["comite"])
    dernier_jour = timezone.localdate() + datetime.timedelta(days=3)
    client_de("coordonnateur").post(
        adresse("ouvrir", demande), {"enveloppe": EnveloppeFactory().pk, "dernier_jour": dernier_jour.isoformat()}
    )
    demande.refresh_from_db()
    assert timezone.localtime(demande.scrutin.echeance).strftime("%Y-%m-%d %H:%M") == f"{dernier_jour} 23:59"


def test_who_reads_the_decision_sheet(client_de, deliberation):
    page = adresse("fiche", deliberation)
    attendus = dict.fromkeys(PERSONAS, 200) | {"partenaire": 404, "administrateur": 404}
    assert {role: client_de(role).get(page).status_code for role in PERSONAS} == attendus


def test_requester_outside_the_comite_does_not_read_the_sheet(client_de, deliberation, personne_de):
    deliberation.demandeur = personne_de("partenaire")
    deliberation.save()
    assert client_de("partenaire").get(adresse("fiche", deliberation)).status_code == 403


def test_member_votes_and_changes(client_de, deliberation):
    client = client_de("membre_comite")
    for choix in ("pour", "contre"):
        client.post(adresse("voter", deliberation), {"choix": choix, "commentaire": ""})
    assert Vote.objects.get().choix == Choix.CONTRE


@pytest.mark.regle("R4")
def test_member_stands_aside_and_sees_the_file_without_the_ballot(client_de, deliberation):
    client = client_de("membre_comite")
    client.post(adresse("voter", deliberation), {"choix": "recusation", "commentaire": "Mon organisme."})
    assert Recusation.objects.get().motif == "Mon organisme."
    reponse = client.get(adresse("fiche", deliberation))
    assert reponse.context["page"].voix.form is None
    assert deliberation.motif in reponse.content.decode()
    client.post(adresse("voter", deliberation), {"choix": "pour", "commentaire": ""})
    assert not Vote.objects.exists()


@pytest.mark.parametrize("role", ["agent", "coordonnateur", "fiduciaire"])
def test_who_holds_no_called_seat_votes_nothing(client_de, deliberation, role):
    donnees = {"choix": "pour", "commentaire": "Oui"}
    reponse = client_de(role).post(adresse("voter", deliberation), donnees, follow=True)
    assert "pas de voix" in reponse.content.decode()
    assert not Vote.objects.exists()


@pytest.mark.regle("R3")
def test_mandate_ended_yesterday_no_longer_votes_from_an_open_session(client_de, deliberation, personne_de):
    client = client_de("membre_comite")
    client.get(adresse("fiche", deliberation))
    mandat = Mandat.objects.get(utilisateur=personne_de("membre_comite"))
    mandat.au = timezone.localdate() - datetime.timedelta(days=1)
    mandat.save()
    assert client.post(adresse("voter", deliberation), {"choix": "pour", "commentaire": ""}).status_code in {403, 404}
    assert not Vote.objects.exists()


def test_empty_ballot_is_told_and_keeps_the_comment(client_de, deliberation):
    reponse = client_de("membre_comite").post(
        adresse("voter", deliberation), {"commentaire": "Bonne idée"}, follow=True
    )
    page = reponse.content.decode()
    assert "Choisissez une des quatre réponses." in page
    assert "Bonne idée" in page


@pytest.mark.regle("R5")
def test_open_sheet_says_who_voted_never_how(client_de, deliberation):
    client_de("membre_comite").post(adresse("voter", deliberation), {"choix": "contre", "commentaire": "Secret"})
    page = client_de("coordonnateur").get(adresse("fiche", deliberation)).content.decode()
    assert "Ont répondu" in page
    assert "Secret" not in page
    assert "Contre" not in page


@pytest.mark.regle("R8")
def test_sheet_shows_what_remains_after_the_decision(client_de, deliberation):
    reponse = client_de("membre_comite").get(adresse("fiche", deliberation))
    assert reponse.context["solde"].reste == Decimal("500.00")


@pytest.fixture
def siege_vacant():
    return SiegeFactory(libelle="Siège ouvert")


@pytest.mark.regle("R3")
def test_sheet_shows_the_vacant_seat(client_de, siege_vacant, deliberation):
    groupes = client_de("membre_comite").get(adresse("fiche", deliberation)).context["page"].groupes
    assert [(groupe.etat, len(groupe.voix)) for groupe in groupes] == [("attendu", 3), ("vacant", 1)]


def test_overdue_ballot_is_closed_when_the_page_is_read(client_de, deliberation, horloge):
    horloge.move_to(deliberation.scrutin.echeance)
    reponse = client_de("membre_comite").get(adresse("fiche", deliberation))
    assert "Sans quorum" in reponse.content.decode()
    deliberation.refresh_from_db()
    assert deliberation.etat == EtatDemande.SOUMISE


@pytest.mark.regle("R4")
def test_seat_of_an_organisation_concerned_is_asked_about_a_conflict(client_de, deliberation, personne_de):
    client = client_de("membre_comite")
    assert "conflit d’intérêts" not in client.get(adresse("fiche", deliberation)).content.decode()
    siege = Mandat.objects.get(utilisateur=personne_de("membre_comite")).siege
    action = deliberation.action_collective
    action.porteur = RepresentationFactory(siege=siege).organisation
    action.save()
    assert "conflit d’intérêts" in client.get(adresse("fiche", deliberation)).content.decode()


def test_seat_of_a_supplier_is_asked_about_a_conflict(client_de, deliberation, personne_de):
    siege = Mandat.objects.get(utilisateur=personne_de("membre_comite")).siege
    OrganisationConcerneeFactory(demande=deliberation, organisation=RepresentationFactory(siege=siege).organisation)
    assert "conflit d’intérêts" in client_de("membre_comite").get(adresse("fiche", deliberation)).content.decode()


def test_what_waits_for_each(client_de, deliberation):
    assert "À voter" in client_de("membre_comite").get("/espace/").content.decode()
    client_de("membre_comite").post(adresse("voter", deliberation), {"choix": "pour", "commentaire": ""})
    assert "À voter" not in client_de("membre_comite").get("/espace/").content.decode()


def test_what_waits_for_the_coordination(client_de, instances):
    soumise("900.00", instances["coordination"])
    assert "À décider" in client_de("coordonnateur").get("/espace/").content.decode()
    assert "À décider" not in client_de("agent").get("/espace/").content.decode()


def test_resolution_leads_to_its_demande(client_de):
    demande = DemandeFondsFactory(accordee=True)
    page = client_de("membre_comite").get(demande.resolution.get_absolute_url()).content.decode()
    assert f'href="{demande.get_absolute_url()}"' in page
