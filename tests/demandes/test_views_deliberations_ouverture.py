"""Opening a ballot and deciding alone: how much, on what conditions, why, from which envelope, on what was read."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, SensMotif
from chantiers.demandes.models import DemandeFonds, MotifType, PosteDemande
from chantiers.demandes.queries.demandes import ce_qui_manque, ce_qui_manque_pour_accorder, ce_qui_manque_pour_ouvrir
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.votes import voter
from tests.adresses import adresse_de
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    PieceDemandeFactory,
    PointDemandeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, MandatFactory, SiegeFactory
from tests.factories.partenaires import OrganisationFactory, RepresentationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    RegleAllocationFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


@pytest.fixture
def siege(instances):
    return MandatFactory(siege=SiegeFactory(instance_gouvernance=instances["comite"])).siege


def soumise(montant, instance, **champs):
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instance, **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


def adresse(route, demande):
    return adresse_de(f"demande_{route}", args=[demande.pk])


def ouverture(demande, **autres):
    dernier_jour = timezone.localdate() + datetime.timedelta(days=3)
    return {"version": demande.version, "dernier_jour": dernier_jour.isoformat(), **autres}


def test_part_of_the_amount_is_put_to_the_vote_on_conditions(client_de, instances, siege):
    demande = soumise("1500.00", instances["comite"])
    donnees = ouverture(demande, montant="1 200,00", conditions="Deux soumissions.", enveloppe=EnveloppeFactory().pk)
    client_de("coordonnateur").post(adresse("ouvrir", demande), donnees)
    deliberation = demande.deliberations.get()
    assert (deliberation.montant, deliberation.conditions) == (Decimal(1200), "Deux soumissions.")
    assert "Deux soumissions." in deliberation.scrutin.texte


@pytest.mark.regle("R5")
def test_reason_of_the_library_is_voted_and_reaches_who_asked(client_de, instances, siege):
    demande, motif = soumise("1500.00", instances["comite"]), MotifType.objects.create(sens="accord", texte="Utile.")
    page = client_de("coordonnateur").get(adresse("ouvrir", demande)).content.decode()
    assert "Utile." in page
    donnees = ouverture(demande, montant="1 500,00", enveloppe=EnveloppeFactory().pk, motif="Et pressant.")
    client_de("coordonnateur").post(adresse("ouvrir", demande), {**donnees, "motif_type": motif.pk})
    scrutin = demande.deliberations.get().scrutin
    assert scrutin.texte.endswith("Pour ces motifs : Utile.\nEt pressant.")
    voter(scrutin.pk, auteur=siege.mandats.get().utilisateur, choix=Choix.POUR)
    demande.refresh_from_db()
    assert demande.motif_decision.startswith("Utile.\nEt pressant.\nVote de l’instance")
    assert demande.resolution.texte == scrutin.texte


def test_reason_to_say_yes_does_not_explain_a_refusal(client_de, instances, siege):
    demande = soumise("1500.00", instances["comite"])
    donnees = ouverture(demande, montant="1 500,00", enveloppe=EnveloppeFactory().pk, motif="Utile.")
    client_de("coordonnateur").post(adresse("ouvrir", demande), donnees)
    voter(demande.deliberations.get().scrutin_id, auteur=siege.mandats.get().utilisateur, choix=Choix.CONTRE)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.REFUSEE
    assert "Utile." not in demande.motif_decision + demande.resolution.texte


@pytest.mark.regle("R5")
def test_resolution_is_the_text_voted_whatever_was_renamed_since(client_de, instances, siege):
    demande = soumise("1500.00", instances["comite"])
    donnees = ouverture(demande, montant="1 500,00", enveloppe=EnveloppeFactory().pk)
    client_de("coordonnateur").post(adresse("ouvrir", demande), donnees)
    scrutin, action = demande.deliberations.get().scrutin, demande.action_collective
    action.titre = "Un autre nom"
    action.save()
    voter(scrutin.pk, auteur=siege.mandats.get().utilisateur, choix=Choix.POUR)
    demande.refresh_from_db()
    assert (demande.resolution.titre, demande.resolution.texte) == (scrutin.question, scrutin.texte)


@pytest.mark.parametrize("montant", ["1500,01", "0"])
def test_amount_out_of_bounds_is_told_beside_the_field(client_de, instances, siege, montant):
    demande = soumise("1500.00", instances["comite"])
    reponse = client_de("coordonnateur").post(
        adresse("ouvrir", demande), ouverture(demande, montant=montant, enveloppe=EnveloppeFactory().pk)
    )
    assert list(reponse.context["form"].errors) == ["montant"]


def test_page_says_the_rule_and_who_is_called_and_who_stands_aside(client_de, instances, siege):
    demande = soumise("1500.00", instances["comite"], organisation=RepresentationFactory(siege=siege).organisation)
    reponse = client_de("coordonnateur").get(adresse("ouvrir", demande))
    assert [(voix.libelle, voix.est_ecartee) for voix in reponse.context["appeles"]] == [(siege.libelle, True)]
    assert [phrase.nom for phrase in reponse.context["regle"].phrases][:3] == ["Mode", "Quorum", "Majorité"]
    jour = timezone.localdate() + datetime.timedelta(days=instances["comite"].delai_jours)
    assert reponse.context["form"].initial["dernier_jour"] == jour


def test_remainder_follows_the_amount_typed(client_de, instances, siege):
    EnveloppeFactory(montant=Decimal(2000))
    demande = soumise("1500.00", instances["comite"])
    client = client_de("coordonnateur")
    assert [r.reste for r in client.get(adresse("ouvrir", demande)).context["restes"]] == [Decimal(500)]
    reponse = client.post(adresse("ouvrir", demande), ouverture(demande, montant="1000,00"))
    assert [r.reste for r in reponse.context["restes"]] == [Decimal(1000)]


def test_surplus_says_what_remains_in_all(client_de, instances, siege):
    EnveloppeFactory(est_surplus=True)
    reponse = client_de("coordonnateur").get(adresse("ouvrir", soumise("1500.00", instances["comite"])))
    assert "Sommes résiduelles, en tout" in reponse.content.decode()


def test_instance_of_meetings_leads_to_the_agenda(client_de, instances, siege):
    instances["comite"].mode_decision = ModeDecision.MAIN_LEVEE
    instances["comite"].save()
    demande = soumise("1500.00", instances["comite"])
    client = client_de("coordonnateur")
    page = client.get(adresse("ouvrir", demande)).content.decode()
    assert "Mettre à l’ordre du jour" in page
    assert 'name="dernier_jour"' not in page
    client.post(adresse("ouvrir", demande), ouverture(demande, montant="", enveloppe=EnveloppeFactory().pk))
    assert not Scrutin.objects.exists()
    assert adresse("ordre_du_jour", demande) in client.get(demande.get_absolute_url()).content.decode()


@pytest.mark.parametrize("route", ["ouvrir", "decider"])
def test_request_changed_meanwhile_is_shown_again(client_de, instances, siege, route):
    montant, instance = {"ouvrir": ("1500.00", "comite"), "decider": ("900.00", "coordination")}[route]
    demande = soumise(montant, instances[instance])
    donnees = ouverture(demande, enveloppe=EnveloppeFactory().pk, decision="accorder", montant="800,00", motif="")
    DemandeFonds.objects.filter(pk=demande.pk).update(version=2, titre="Autre chose")
    client = client_de("coordonnateur")
    page = client.post(adresse(route, demande), donnees).content.decode()
    assert "La demande a changé pendant que vous lisiez" in page
    assert "Autre chose" in page
    assert 'name="version" value="2"' in page  # read again, it may be decided
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOUMISE


def test_coordination_grants_a_part_with_a_reason_of_the_library(client_de, instances):
    demande = soumise("900.00", instances["coordination"])
    motif = MotifType.objects.create(sens=SensMotif.ACCORD, texte="Bien préparé.")
    donnees = {
        "version": demande.version,
        "decision": "accorder",
        "montant": "600,00",
        "conditions": "Un reçu par dépense.",
        "enveloppe": EnveloppeFactory().pk,
        "motif_type": motif.pk,
        "motif": "Bravo.",
    }
    client_de("coordonnateur").post(adresse("decider", demande), donnees)
    demande.refresh_from_db()
    assert (demande.montant_accorde, demande.conditions) == (Decimal(600), "Un reçu par dépense.")
    assert demande.motif_decision == "Bien préparé.\nBravo."
    assert "Un reçu par dépense." in demande.resolution.texte


def test_reason_of_a_refusal_does_not_explain_a_grant(client_de, instances):
    demande = soumise("900.00", instances["coordination"])
    motif = MotifType.objects.create(sens=SensMotif.REFUS, texte="Trop tard.")
    client = client_de("coordonnateur")
    donnees = {"decision": "accorder", "montant": "600,00", "enveloppe": EnveloppeFactory().pk, "motif_type": motif.pk}
    assert list(client.post(adresse("decider", demande), donnees).context["form"].errors) == ["motif_type"]
    client.post(adresse("decider", demande), {"decision": "refuser", "motif_type": motif.pk})
    demande.refresh_from_db()
    assert (demande.etat, demande.motif_decision) == (EtatDemande.REFUSEE, "Trop tard.")


def test_reason_no_longer_offered_is_not_accepted(client_de, instances):
    motif = MotifType.objects.create(sens=SensMotif.REFUS, texte="Trop tard.", est_actif=False)
    MotifType.objects.create(sens=SensMotif.REFUS, texte="Autre.")
    demande = soumise("900.00", instances["coordination"])
    reponse = client_de("coordonnateur").post(
        adresse("decider", demande), {"decision": "refuser", "motif_type": motif.pk}
    )
    assert "motif_type" in reponse.context["form"].errors


@pytest.mark.regle("R1")
def test_what_is_missing_before_each_step(instances, siege):
    demande = soumise("1500.00", instances["comite"])
    assert ce_qui_manque_pour_ouvrir(demande) == ce_qui_manque_pour_accorder(demande)
    (sans_enveloppe,) = ce_qui_manque_pour_ouvrir(demande)
    assert "Aucune enveloppe" in sans_enveloppe
    EnveloppeFactory()
    assert (ce_qui_manque(demande), ce_qui_manque_pour_ouvrir(demande), ce_qui_manque_pour_accorder(demande)) == (
        [],
        [],
        [],
    )
    siege.mandats.all().delete()
    assert ["Aucun siège" in phrase for phrase in ce_qui_manque_pour_ouvrir(demande)] == [True]
    instances["assemblee"].mode_decision = ModeDecision.EN_LIGNE
    demande.instance_gouvernance = instances["assemblee"]
    assert ["Aucun partenaire" in phrase for phrase in ce_qui_manque_pour_ouvrir(demande)] == [True]
    demande.exercice = ExerciceFactory(annee=2023, clos=True)
    assert "est clos" in ce_qui_manque_pour_accorder(demande)[0]


def test_meeting_that_decides_says_what_is_missing_first(client_de, instances, siege):
    demande = soumise("1500.00", instances["comite"])
    point = PointDemandeFactory(demande=demande, point__rencontre__instance_gouvernance=instances["comite"]).point
    adresse_point, client = reverse("demandes:point_decision", args=[point.pk]), client_de("coordonnateur")
    assert "Avant d’accorder" in client.get(adresse_point).content.decode()
    EnveloppeFactory()
    assert "Avant d’accorder" not in client.get(adresse_point).content.decode()


@pytest.mark.parametrize("nombre", [1, 3, 30])
@pytest.mark.parametrize(("page", "requetes"), [("detail", 26), ("modifier", 20), ("ouvrir", 26)])
def test_pages_ask_the_same_queries_whatever_the_rows(
    client_de, instances, siege, django_assert_num_queries, page, requetes, nombre
):
    demande = soumise("1500.00", instances["comite"], organisation=OrganisationFactory())
    for rang in range(nombre):
        PosteDemande.objects.create(demande=demande, libelle=f"Poste {rang}", montant=Decimal(1))
        PieceDemandeFactory(demande=demande)
        EnveloppeFactory()
        soumise("10.00", instances["coordination"], action_collective=demande.action_collective)
    client = client_de("coordonnateur")
    with django_assert_num_queries(requetes):
        client.get(adresse(page, demande))


def test_demande_already_on_an_agenda_says_which(client_de, instances):
    demande = soumise("1500.00", instances["comite"])
    point = PointDemandeFactory(demande=demande, point__rencontre__instance_gouvernance=instances["comite"]).point
    page = client_de("coordonnateur").get(adresse("detail", demande)).content.decode()
    assert "À l’ordre du jour" in page
    assert f"{point.rencontre.get_absolute_url()}#point-{point.pk}" in page
    assert "Mettre à l’ordre du jour" not in page


def test_ouvrir_counts_the_quorum_without_who_stands_aside(client_de, instances, siege):
    organisation = OrganisationFactory()
    for _ in range(2):
        MandatFactory(siege=SiegeFactory(instance_gouvernance=instances["comite"]))
    RepresentationFactory(siege=siege, organisation=organisation)
    demande = soumise("1500.00", instances["comite"], organisation=organisation)
    page = client_de("coordonnateur").get(adresse("ouvrir", demande)).content.decode()
    assert "dont 1 récusée" in page
    assert "soit 2 sur 2 aujourd’hui" in page
