"""Pages of payments: who opens them, who pays, what is refused beside its field, what others see, the export."""

import csv
import io
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chantiers.demandes.models import Decaissement, DemandeFonds
from chantiers.finances import extensions
from tests.factories.chantiers import (
    DecaissementFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
)
from tests.factories.demarche import DemarcheFactory, ExerciceFactory
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db
D = Decimal
LECTEURS = {"agent", "coordonnateur", "membre_comite", "fiduciaire"}


@pytest.fixture(autouse=True)
def exercice():
    DemarcheFactory()
    return ExerciceFactory()


@pytest.fixture
def demande():
    return DemandeFondsFactory(accordee=True, montant_demande=D(1000), enveloppe__montant=D(5000))


def saisie(**autres):
    return {
        "jeton": str(uuid.uuid4()),
        "genre": "paiement_direct",
        "montant": "400",
        "date": "2026-01-14",
        "beneficiaire": "Imprimerie",
        "libelle": "Affiches",
        "reference": "chèque 12",
        **autres,
    }


def recu():
    return SimpleUploadedFile("recu.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")


# Who.


def test_only_the_fiduciaire_and_the_coordination_pay(client_de, demande):
    statuts = {role: client_de(role).post(f"/demandes/{demande.pk}/payer/", {}).status_code for role in PERSONAS}
    assert statuts == dict.fromkeys(PERSONAS, 403) | {"fiduciaire": 200, "coordonnateur": 200}
    assert Decaissement.objects.count() == 0


def test_what_does_not_exist_and_what_only_a_post_may_do(client_de, demande):
    client = client_de("fiduciaire")
    brouillon = DemandeFondsFactory()
    annulation = DecaissementFactory(
        demande=demande, contrepasse=DecaissementFactory(demande=demande), montant=D(-100), motif="Erreur"
    )
    for adresse in (
        "/demandes/999/paiements/",
        f"/demandes/{brouillon.pk}/paiements/",
        "/decaissements/999/annuler/",
        f"/decaissements/{annulation.pk}/annuler/",
        "/decaissements/livre.pdf",
    ):
        assert client.get(adresse).status_code == 404, adresse
    for verbe in ("payer", "liberer", "relier"):
        assert client.get(f"/demandes/{demande.pk}/{verbe}/").status_code == 405
    for adresse in ("/decaissements/", "/decaissements/livre/", f"/demandes/{demande.pk}/paiements/"):
        assert client.post(adresse).status_code == 405


# Pay.


@pytest.mark.regle("R8")
def test_double_click_pays_once(client_de, demande):
    client, donnees = client_de("fiduciaire"), saisie()
    for _ in range(2):
        reponse = client.post(f"/demandes/{demande.pk}/payer/", donnees)
        assert reponse.url == f"/demandes/{demande.pk}/paiements/"
    assert Decaissement.objects.count() == 1
    page = client.get(reponse.url).content.decode()
    for texte in ("600,00\u00a0$", "chèque 12", "Imprimerie", "il reste à payer"):
        assert texte in page


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"montant": "1 000,01"}, "montant"),
        ({"montant": "0"}, "montant"),
        ({"montant": "beaucoup"}, "montant"),
        ({"date": "2026-01-15"}, "date"),
        ({"date": "2026-01-13"}, "date"),
        ({"genre": "remboursement"}, "recu"),
        ({"genre": "cadeau"}, "genre"),
        ({"beneficiaire": ""}, "beneficiaire"),
    ],
)
def test_refusal_is_said_beside_the_field_and_keeps_what_was_typed(client_de, demande, autres, champ):
    reponse = client_de("fiduciaire").post(f"/demandes/{demande.pk}/payer/", saisie(**autres))
    assert list(reponse.context["form"].errors) == [champ]
    assert 'value="Affiches"' in reponse.content.decode()
    assert not Decaissement.objects.exists()


def test_reimbursement_with_its_receipt_that_the_comite_reads_and_the_partner_does_not(client_de, demande):
    client_de("fiduciaire").post(f"/demandes/{demande.pk}/payer/", saisie(genre="remboursement", recu=recu()))
    adresse = Decaissement.objects.get().recu.get_absolute_url()
    for role, statut in (("membre_comite", 200), ("agent", 200), ("partenaire", 404), ("administrateur", 404)):
        assert client_de(role).get(adresse).status_code in ({200} if statut == 200 else {403, 404}), role


@pytest.mark.parametrize("etat", ["soumise", "en_deliberation", "refusee"])
def test_request_not_granted_says_why_and_offers_no_form(client_de, etat):
    demande = DemandeFondsFactory(**{etat: True})
    client = client_de("fiduciaire")
    reponse = client.get(f"/demandes/{demande.pk}/paiements/")
    assert reponse.context["form"] is None
    assert "n’est pas accordée" in reponse.content.decode()
    assert "n’est pas accordée" in client.post(f"/demandes/{demande.pk}/payer/", saisie()).content.decode()
    assert not Decaissement.objects.exists()


def test_reverse_then_release(client_de, demande):
    client = client_de("coordonnateur")
    client.post(f"/demandes/{demande.pk}/payer/", saisie())
    paiement = Decaissement.objects.get()
    adresse = f"/decaissements/{paiement.pk}/annuler/"
    refus = client.post(adresse, {"motif": "", "date": "2026-01-14"})
    assert list(refus.context["form"].errors) == ["motif"]
    for _ in range(2):
        assert client.post(adresse, {"motif": "Chèque perdu", "date": "2026-01-14"}).status_code == 302
    assert client.get(adresse).status_code == 302  # already reversed
    assert Decaissement.objects.count() == 2
    client.post(f"/demandes/{demande.pk}/liberer/", {"motif": "Projet abandonné"})
    demande.refresh_from_db()
    assert (demande.montant_paye, demande.montant_libere) == (0, 1000)
    page = client.get(f"/demandes/{demande.pk}/paiements/").content.decode()
    for texte in ("Chèque perdu", "Projet abandonné", "Aucun paiement à inscrire", "−400,00"):
        assert texte in page


def test_team_ties_the_request_to_its_line(client_de, demande):
    ligne = LigneBudgetaireFactory(action_collective=demande.action_collective)
    ailleurs = LigneBudgetaireFactory()
    client, adresse = client_de("agent"), f"/demandes/{demande.pk}/relier/"
    assert list(client.post(adresse, {"ligne_budgetaire": ailleurs.pk}).context["ligne"].errors) == [
        "ligne_budgetaire"
    ]
    client.post(adresse, {"ligne_budgetaire": ligne.pk})
    assert DemandeFonds.objects.get().ligne_budgetaire == ligne
    client.post(adresse, {"ligne_budgetaire": ""})
    assert DemandeFonds.objects.get().ligne_budgetaire is None


# What others see.


def test_requester_sees_dates_and_amounts_but_not_the_reference(client_de, personne_de, demande):
    demande.demandeur = personne_de("partenaire")
    demande.save()
    client_de("fiduciaire").post(f"/demandes/{demande.pk}/payer/", saisie())
    page = client_de("partenaire").get(demande.get_absolute_url()).content.decode()
    assert "14\u00a0janvier\u00a02026" in page
    assert "400,00\u00a0$" in page
    assert "chèque 12" not in page
    assert "/paiements/" not in page


def test_partner_does_not_see_the_payments_of_others(client_de, demande):
    DecaissementFactory(demande=demande, libelle="Affiches secrètes")
    page = client_de("partenaire").get(demande.get_absolute_url()).content.decode()
    assert "Affiches secrètes" not in page


def test_what_waits_for_the_fiduciaire(personne_de, demande):
    (attente,) = extensions.PagesFinances().attentes(personne_de("fiduciaire"))
    assert (attente.verbe, attente.libelle, attente.precision) == (
        "À payer",
        demande.titre,
        "Reste 1\u00a0000,00\u00a0$",
    )
    assert list(extensions.PagesFinances().attentes(personne_de("coordonnateur"))) == []
    for _ in range(extensions.NB_A_PAYER):
        DemandeFondsFactory(accordee=True)
    assert [a.url for a in extensions.PagesFinances().attentes(personne_de("fiduciaire"))] == ["/decaissements/"]


# Lists and the ledger.


def test_list_filters_and_totals_tie(client_de, exercice):
    une, autre = (DemandeFondsFactory(accordee=True, enveloppe=EnveloppeFactory(nom=nom)) for nom in ("Une", "Autre"))
    DecaissementFactory(demande=une, montant=D("10.10"))
    DecaissementFactory(demande=autre, montant=D(5))
    client = client_de("membre_comite")
    tout = client.get("/decaissements/").context
    assert (tout["total"], [t["montant"] for t in tout["par_enveloppe"]]) == (D("15.10"), [D(5), D("10.10")])
    filtree = client.get(f"/decaissements/?enveloppe={une.enveloppe_id}&exercice={exercice.code}").context
    assert (filtree["total"], list(filtree["a_payer"])) == (D("10.10"), [une])
    assert client.get("/decaissements/?enveloppe=zzz&exercice=1999").context["total"] == D("15.10")
    assert "Annuler" not in client.get("/decaissements/").content.decode().split("<main")[1]


@pytest.mark.parametrize(
    "adresse",
    ["/decaissements/", "/decaissements/livre/", "/decaissements/livre.csv", "/enveloppes/{}/", "/enveloppes/"],
)
def test_lists_take_the_same_queries_with_1_3_or_12_rows(client_de, adresse):
    client, enveloppe = client_de("fiduciaire"), EnveloppeFactory()
    comptes = set()
    for nombre in (1, 2, 9):
        for _ in range(nombre):
            demande = DemandeFondsFactory(accordee=True, enveloppe=enveloppe)
            DecaissementFactory(demande=demande, remboursement=True)
            DemandeFondsFactory(en_deliberation=True, enveloppe=enveloppe)
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse.format(enveloppe.pk))
        comptes.add(len(requetes))
    assert len(comptes) == 1


def test_payments_of_a_request_take_the_same_queries(client_de, demande):
    client, comptes = client_de("fiduciaire"), set()
    for nombre in (1, 2, 9):
        for _ in range(nombre):
            DecaissementFactory(demande=demande, montant=D(1), remboursement=True)
        with CaptureQueriesContext(connection) as requetes:
            client.get(f"/demandes/{demande.pk}/paiements/")
        comptes.add(len(requetes))
    assert len(comptes) == 1


@pytest.mark.parametrize("formule", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1"])
def test_ledger_never_holds_a_formula(client_de, demande, formule):
    DecaissementFactory(demande=demande, montant=D("1234.50") - D(1000), libelle=formule)
    client = client_de("fiduciaire")
    texte = client.get("/decaissements/livre.csv").content.decode("utf-8-sig")
    lignes = lire_csv(texte)
    assert lignes[0]["Paiement"] == "0,00"
    assert [ligne["Pour"] for ligne in lignes] == ["", f"'{formule}"]
    assert (lignes[1]["Engagement"], lignes[1]["Paiement"], lignes[1]["Solde à payer"]) == (
        "-234,50",
        "234,50",
        "765,50",
    )


def test_ledger_of_an_exercice_starts_from_what_is_carried_over(client_de, demande, horloge):
    DecaissementFactory(demande=demande, montant=D("234.50"))
    suivant = ExerciceFactory(annee=2026)
    DecaissementFactory(demande=demande, montant=D("65.50"), date=suivant.debut, exercice=suivant)
    client = client_de("fiduciaire")
    texte = client.get("/decaissements/livre.csv?exercice=2026-2027").content.decode("utf-8-sig")
    soldes = [(r["Type"], r["Paiement"], r["Solde à payer"], r["Solde payé"]) for r in lire_csv(texte)]
    assert soldes == [("Solde reporté", "", "765,50", "234,50"), ("Paiement", "65,50", "700,00", "300,00")]
    page = client.get("/decaissements/livre/?exercice=2026-2027")
    assert (page.context["total"].reporte, page.context["total"].reste) == (D("765.50"), D(700))
    for texte in ("Solde reporté", "Solde à ce jour"):
        assert texte in page.content.decode().replace("\u00a0", " ")


def lire_csv(texte):
    return list(csv.DictReader(io.StringIO(texte, newline=""), delimiter=";"))


def test_workbook_has_signed_numbers_totals_and_a_second_sheet(client_de, demande):
    DecaissementFactory(demande=demande, montant=D("234.50"))
    classeur = load_workbook(io.BytesIO(client_de("agent").get("/decaissements/livre.xlsx").content))
    livre, totaux = classeur["Écritures"], classeur["Totaux"]
    entetes = [cellule.value for cellule in livre[1]]
    colonne = {nom: entetes.index(nom) for nom in ("Engagement", "Paiement", "Date")}
    assert [livre[rang][colonne["Engagement"]].value for rang in (2, 3)] == [1000, -234.5]
    assert (livre.max_row, [c.value for c in livre[2]].count(0)) == (3, 2), "no total among the entries; zero is zero"
    assert livre[3][colonne["Date"]].is_date
    assert [[c.value for c in rang] for rang in totaux.iter_rows(min_row=2)] == [
        ["Enveloppe", demande.enveloppe.nom, 2, 0, 1000, 0, 234.5, 765.5],
        ["Action", demande.action_collective.titre, 2, 0, 1000, 0, 234.5, 765.5],
        ["Total", None, 2, 0, 1000, 0, 234.5, 765.5],
    ]


def test_what_waits_to_be_paid_turns_its_own_pages_and_covers_every_exercice(client_de, exercice):
    for _ in range(26):
        DemandeFondsFactory(accordee=True, montant_demande=D(1))
    client = client_de("fiduciaire")
    premiere = client.get("/decaissements/?exercice=2025-2026&page=1")
    assert len(premiere.context["a_payer"]) == 25
    page = premiere.content.decode()
    assert "tous exercices confondus" in page
    assert "a_payer=2" in page
    assert len(client.get("/decaissements/?a_payer=2").context["a_payer"]) == 1
