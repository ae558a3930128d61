"""The decision sheet: what it says to each, and to those who do not vote, why."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, GenreApport
from chantiers.demandes.models import ApportDemande, DemandeFonds
from chantiers.demandes.queries.redaction import ventilation_de
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.gouvernance.models import InstanceGouvernance, Mandat
from demarche.scrutins.models import Electeur, Vote
from demarche.scrutins.services.scrutins import annuler_scrutin
from demarche.scrutins.services.votes import voter
from tests.factories.chantiers import (
    ApportDemandeFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    PieceDemandeFactory,
    PosteDemandeFactory,
)
from tests.factories.demarche import InstanceGouvernanceFactory, MandatFactory, UtilisateurFactory
from tests.factories.partenaires import RepresentationFactory

pytestmark = pytest.mark.django_db
JOURS = datetime.timedelta(days=1)


def deliberer(montant="1500.00", instance="comite", mode=ModeDecision.EN_LIGNE, **champs):
    """Put one request to the ballot of an instance, and return it; `soumis` and `conditions` as in the service."""
    instances = {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}
    instances[instance].mode_decision = mode
    instances[instance].save()
    options = {nom: champs.pop(nom) for nom in ("soumis", "conditions") if nom in champs}
    if "soumis" in options:
        options["montant"] = options.pop("soumis")
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instances[instance], **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(montant=Decimal(90000)),
        echeance=timezone.now() + 7 * JOURS,
        **options,
    )
    demande.refresh_from_db()
    return demande


@pytest.fixture
def comite(personne_de):
    return [personne_de("membre_comite"), *(MandatFactory().utilisateur for _ in range(2))]


def fiche(demande):
    return reverse("demandes:demande_fiche", args=[demande.pk])


def lire(client, demande):
    return client.get(fiche(demande)).content.decode()


def test_the_ballot_of_a_request_leads_to_its_sheet(client_de, comite):
    demande = deliberer()
    client = client_de("membre_comite")
    assert client.get(reverse("scrutins:scrutin_detail", args=[demande.scrutin.pk])).url == fiche(demande)
    reponse = client.post(reverse("scrutins:scrutin_voter", args=[demande.scrutin.pk]), {"choix": "pour"})
    assert reponse.url == fiche(demande)


def test_another_method_is_refused(client_de, comite):
    assert client_de("membre_comite").post(fiche(deliberer())).status_code == 405


def test_a_part_of_the_amount_with_conditions(client_de, comite):
    demande = deliberer(soumis=Decimal("900.00"), conditions="Fournir les factures.")
    page = lire(client_de("membre_comite"), demande)
    for morceau in ("900,00", "sur 1\u00a0500,00\u00a0$ demandés", "Fournir les factures."):
        assert morceau in page
    assert client_de("membre_comite").get(fiche(demande)).context["solde"].reste == Decimal("89100.00")


def test_what_is_paid_elsewhere(client_de, comite):
    demande = deliberer()
    ApportDemande.objects.create(demande=demande, genre=GenreApport.NATURE, source="La Ville", montant=Decimal(300))
    assert "La Ville, en nature (à confirmer)" in lire(client_de("membre_comite"), demande)


@pytest.mark.parametrize(
    ("mode", "phrase"),
    [
        (ModeDecision.CONSULTATION, "à entériner à la prochaine rencontre"),
        (ModeDecision.RESOLUTION_ECRITE, "que si toutes les voix appelées signent"),
    ],
)
def test_the_other_modes_say_what_they_mean(client_de, comite, mode, phrase):
    assert phrase in lire(client_de("membre_comite"), deliberer(mode=mode))


@pytest.mark.regle("R4")
def test_who_asked_and_is_named_to_a_seat_since_reads_why_without_answers(comite):
    demandeur = UtilisateurFactory()
    demande = deliberer(demandeur=demandeur)
    mandat = Mandat.objects.get(utilisateur=comite[2])
    mandat.au = timezone.localdate() - JOURS
    mandat.save()
    MandatFactory(siege=mandat.siege, utilisateur=demandeur, du=timezone.localdate())
    client = Client()
    client.force_login(demandeur)
    page = lire(client, demande)
    assert "Vous avez déposé cette demande" in page
    assert 'name="choix"' not in page
    client.post(reverse("scrutins:scrutin_voter", args=[demande.scrutin.pk]), {"choix": "pour"})
    assert not Vote.objects.exists()


def test_who_asks_from_a_seat_reads_why(client_de, comite):
    page = lire(client_de("membre_comite"), deliberer(demandeur=comite[0]))
    assert "Personne ne décide de sa propre demande" in page
    assert 'name="choix"' not in page


def test_the_seat_of_the_organisation_that_asks_reads_why(client_de, comite):
    siege = Mandat.objects.get(utilisateur=comite[0]).siege
    page = lire(client_de("membre_comite"), deliberer(organisation=RepresentationFactory(siege=siege).organisation))
    assert "ou votre organisation l’a déposée" in page
    assert 'name="choix"' not in page


def test_a_partner_called_reads_the_sheet_its_attachments_and_votes(client_de, personne_de):
    partenaire = personne_de("partenaire")
    demande = deliberer("60000.00", "assemblee")
    piece = PieceDemandeFactory(demande=demande)
    client = client_de("partenaire")
    assert "Envoyer mon vote" in lire(client, demande)
    assert client.get(reverse("comptes:document_detail", args=[piece.document.pk])).status_code == 200
    assert fiche(demande) in client.get("/espace/").content.decode()
    client.post(reverse("scrutins:scrutin_voter", args=[demande.scrutin.pk]), {"choix": "pour"})
    demande.refresh_from_db()
    assert (Vote.objects.get().utilisateur, demande.etat) == (partenaire, EtatDemande.ACCORDEE)


def test_a_cancelled_ballot_says_why_on_the_sheet(client_de, comite):
    demande = deliberer()
    annuler_scrutin(demande.scrutin.pk, motif="La demande a changé.", auteur=UtilisateurFactory())
    page = lire(client_de("membre_comite"), demande)
    assert "La demande a changé." in page
    assert 'name="choix"' not in page


def test_closed_sheet_does_not_say_who_answered_what(client_de, comite):
    demande = deliberer()
    for membre, choix in zip(comite, [Choix.POUR, Choix.POUR, Choix.ABSTENTION], strict=True):
        voter(demande.scrutin.pk, auteur=membre, choix=choix)
    page = lire(client_de("coordonnateur"), demande)
    assert page.count("Abstention") == 1  # the count
    assert page.count("Ont répondu") == 1


@pytest.mark.parametrize("role", ["membre_comite", "coordonnateur"])
def test_the_sheet_asks_as_many_queries_whatever_its_rows(client_de, personne_de, comite, role):
    personne_de(role)
    nombres = []
    for combien in (0, 2, 9):
        for _ in range(combien):
            MandatFactory()
        demande = deliberer()
        for _ in range(combien):
            PosteDemandeFactory(demande=demande)
            PieceDemandeFactory(demande=demande)
        client = client_de(role)
        lire(client, demande)
        with CaptureQueriesContext(connection) as contexte:
            lire(client, demande)
        nombres.append(len(contexte))
    assert len(set(nombres)) == 1, nombres
    assert nombres[0] <= {"membre_comite": 30, "coordonnateur": 32}[role]


@pytest.mark.parametrize(
    ("lignes", "apports", "en_vue", "suite"),
    [
        (4, 0, 4, ""),
        (5, 0, 3, "2 autres lignes : 300,00 $"),
        (4, 1, 3, "1 autre ligne : 100,00 $; payé ailleurs : 500,00 $"),
        (3, 1, 3, "Payé ailleurs : 500,00 $"),
    ],
)
def test_ventilation_keeps_the_largest_lines_in_view(lignes, apports, en_vue, suite):
    demande = DemandeFondsFactory()
    for rang in range(lignes):
        PosteDemandeFactory(demande=demande, montant=Decimal(100 * (rang + 1)))
    for _ in range(apports):
        ApportDemandeFactory(demande=demande)
    ventilation = ventilation_de(demande)
    assert (len(ventilation.principaux), ventilation.suite) == (
        en_vue,
        suite.replace(" :", "\u00a0:").replace(" $", "\u00a0$"),
    )
    assert not ventilation.autres or ventilation.principaux[0].montant == 100 * lignes


def test_first_display_is_noted(client_de, comite):
    demande = deliberer()
    lire(client_de("membre_comite"), demande)
    assert [e.utilisateur for e in Electeur.objects.exclude(consulte_le=None)] == [comite[0]]


def test_an_envelope_out_of_its_period_is_not_offered_and_breaks_nothing(client_de):
    demande = DemandeFondsFactory(
        soumise=True, instance_gouvernance=InstanceGouvernanceFactory(comite=True, mode_decision=ModeDecision.EN_LIGNE)
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    courante = EnveloppeFactory()
    EnveloppeFactory(au=timezone.localdate() - JOURS)
    form = client_de("coordonnateur").get(reverse("demandes:demande_ouvrir", args=[demande.pk])).context["form"]
    assert [enveloppe.pk for enveloppe in form.fields["enveloppe"].queryset] == [courante.pk]


def test_sheet_of_a_cancelled_ballot_says_what_was_voted_then(client_de, comite):
    mise_aux_voix = deliberer()
    ancien = mise_aux_voix.scrutin
    annuler_scrutin(ancien.pk, motif="La demande a changé.", auteur=None)
    assemblee = InstanceGouvernance.objects.get(genre="assemblee")
    DemandeFonds.objects.filter(pk=mise_aux_voix.pk).update(
        etat="soumise", montant_reserve=0, enveloppe=None, montant_demande=60000, instance_gouvernance=assemblee
    )
    page = lire(client_de("agent"), mise_aux_voix)
    assert ancien.texte.split(",")[0] in page
    assert "demandés</span>" not in page
    assert assemblee.nom not in page
