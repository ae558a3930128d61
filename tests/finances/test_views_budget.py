import csv
import datetime
import io
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chantiers.budget.models import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier
from chantiers.demandes.models import RegleAllocation
from demarche.socle.concurrence import empreinte
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DecaissementFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    RegleAllocationFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import ExerciceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def exercice():
    return ExerciceFactory()


def rangs(prefixe, *lignes, initiales=0):
    donnees = {f"{prefixe}-TOTAL_FORMS": str(len(lignes)), f"{prefixe}-INITIAL_FORMS": str(initiales)}
    for rang, ligne in enumerate(lignes):
        donnees |= {f"{prefixe}-{rang}-{champ}": valeur for champ, valeur in ligne.items()}
    return donnees


VIDE = {"libelle": "", "bailleur": "", "gestionnaire": "", "montant_prevu": "", "montant_reel": ""}


def budget(revenus=(), depenses=(), vue=()):
    return {"empreinte": empreinte(vue), **rangs("revenu", *revenus), **rangs("depense", *depenses)}


def test_revenues_and_expenses_at_once(client_de):
    action = ActionCollectiveFactory()
    reponse = client_de("agent").post(
        f"/actions/{action.pk}/budget/",
        budget(
            [
                {
                    **VIDE,
                    "libelle": "Subvention",
                    "bailleur": "Ville",
                    "gestionnaire": "CDC",
                    "montant_prevu": "5 000 $",
                }
            ],
            [
                {**VIDE, "libelle": "Impression", "montant_prevu": "1\u202f234,50", "montant_reel": "1 200"},
                VIDE,
                {**VIDE, "libelle": "Salle"},
            ],
        ),
    )
    assert reponse.url == f"{action.get_absolute_url()}?exercice=2025-2026"
    assert list(LigneBudgetaire.objects.values_list("nature", "libelle", "montant_prevu", "montant_reel")) == [
        ("revenu", "Subvention", Decimal(5000), None),
        ("depense", "Impression", Decimal("1234.50"), Decimal(1200)),
        ("depense", "Salle", Decimal(0), None),
    ]


@pytest.mark.parametrize("tape", ["-5", "1e9", "NaN", "1.005", "1234567890123", "douze"])
def test_bad_amount_is_refused_beside_its_field_and_everything_typed_is_kept(client_de, tape):
    action = ActionCollectiveFactory()
    reponse = client_de("agent").post(
        f"/actions/{action.pk}/budget/",
        budget(
            depenses=[
                {**VIDE, "libelle": "Bonne", "montant_prevu": "100,25"},
                {**VIDE, "libelle": "Mauvaise", "montant_prevu": tape, "montant_reel": "50"},
            ]
        ),
    )
    page = reponse.content.decode()
    assert 'id="id_depense-1-montant_prevu_error"' in page
    assert "Rien n’est encore enregistré" in page
    for garde in (f'value="{tape}"', 'value="100,25"', 'value="Mauvaise"'):
        assert garde in page
    assert reponse.context["groupes"][1]["prevu"] == Decimal("100.25")
    assert reponse.context["groupes"][1]["reel"] == Decimal(50)
    assert not LigneBudgetaire.objects.exists()


@pytest.mark.parametrize(
    ("ligne", "champ"),
    [
        ({**VIDE, "libelle": "Don", "bailleur": "Fondation"}, "gestionnaire"),
        ({**VIDE, "montant_prevu": "100"}, "libelle"),
    ],
)
def test_incomplete_line(client_de, ligne, champ):
    action = ActionCollectiveFactory()
    page = client_de("agent").post(f"/actions/{action.pk}/budget/", budget([ligne])).content.decode()
    assert f'id="id_revenu-0-{champ}_error"' in page
    assert not LigneBudgetaire.objects.exists()


def test_line_changed_and_line_taken_away(client_de):
    action = ActionCollectiveFactory()
    garde, retire = (LigneBudgetaireFactory(action_collective=action) for _ in range(2))
    donnees = {
        "empreinte": empreinte([garde, retire]),
        **rangs("revenu"),
        **rangs(
            "depense",
            {**VIDE, "id": garde.pk, "libelle": garde.libelle, "montant_prevu": "100", "montant_reel": "99,99"},
            {**VIDE, "id": retire.pk, "libelle": retire.libelle, "montant_prevu": "100", "DELETE": "on"},
            initiales=2,
        ),
    }
    garde.refresh_from_db()
    retire.refresh_from_db()
    donnees["empreinte"] = empreinte([garde, retire])
    client_de("agent").post(f"/actions/{action.pk}/budget/", donnees)
    assert list(LigneBudgetaire.objects.values_list("pk", "montant_reel")) == [(garde.pk, Decimal("99.99"))]


def test_two_tabs_on_one_budget(client_de):
    action = ActionCollectiveFactory()
    client, adresse = client_de("agent"), f"/actions/{action.pk}/budget/"
    ligne = {**VIDE, "libelle": "Premier", "montant_prevu": "1"}
    client.post(adresse, budget(depenses=[ligne]))
    reponse = client.post(adresse, budget(depenses=[{**ligne, "libelle": "Second"}]))
    page = reponse.content.decode()
    assert "Quelqu’un a modifié" in page
    assert 'value="Second"' in page
    assert LigneBudgetaire.objects.count() == 1
    suite = budget(depenses=[{**ligne, "libelle": "Second"}])
    client.post(adresse, {**suite, "empreinte": reponse.context["page"]["empreinte"].value()})
    assert LigneBudgetaire.objects.count() == 2


@pytest.mark.regle("R10")
def test_r10_closed_exercice_is_read_only(client_de):
    ExerciceFactory(annee=2024, clos=True)
    action = ActionCollectiveFactory()
    client, adresse = client_de("agent"), f"/actions/{action.pk}/budget/?exercice=2024-2025"
    assert "Enregistrer le budget" not in client.get(adresse).content.decode()
    page = client.post(adresse, budget(depenses=[{**VIDE, "libelle": "Tard"}])).content.decode()
    assert "est clos" in page
    assert not LigneBudgetaire.objects.exists()


def test_reader_sees_but_never_writes(client_de):
    action = ActionCollectiveFactory()
    LigneBudgetaireFactory(action_collective=action, libelle="Impression")
    client = client_de("fiduciaire")
    page = client.get(f"/actions/{action.pk}/budget/").content.decode()
    assert "Impression" in page
    assert "Enregistrer le budget" not in page
    assert client.post(f"/actions/{action.pk}/budget/", budget()).status_code == 403


def test_budget_page_adds_up(client_de):
    une = LigneBudgetaireFactory(montant_prevu=Decimal("100.10"), montant_reel=90)
    LigneBudgetaireFactory(revenu=True, action_collective=une.action_collective, montant_prevu=500)
    LigneBudgetaireFactory(de_la_demarche=True, montant_prevu=Decimal("0.90"))
    reponse = client_de("membre_comite").get("/budget/")
    total = reponse.context["total"]
    assert (total.revenus_prevus, total.depenses_prevues, total.nb_lignes) == (Decimal(500), Decimal(101), 3)
    assert "500,00\u00a0$" in reponse.content.decode()
    lignes = client_de("membre_comite").get(f"/budget/lignes/?de=chantier-{une.action_collective.chantier_id}")
    assert lignes.context["total"].nb_lignes == 2
    for bizarre in ("chantier-", "chantier-x", "action-99999999999999999999", "zzz"):
        assert client_de("agent").get(f"/budget/lignes/?de={bizarre}").status_code == 200


@pytest.mark.parametrize("adresse", ["/budget/", "/budget/lignes/", "/enveloppes/", "/budget/exporter.csv"])
def test_lists_take_the_same_queries_with_1_3_or_12_rows(client_de, adresse):
    client = client_de("agent")
    comptes = set()
    for nombre in (1, 2, 9):
        for _ in range(nombre):
            LigneBudgetaireFactory()
            EnveloppeFactory()
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse)
        comptes.add(len(requetes))
    assert len(comptes) == 1


FORMULES = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1+1"]


@pytest.mark.parametrize("formule", FORMULES)
def test_export_never_holds_a_formula(client_de, formule):
    LigneBudgetaireFactory(libelle=formule, montant_prevu=Decimal("1234.50"))
    client = client_de("agent")
    texte = client.get("/budget/exporter.csv").content.decode("utf-8-sig")
    ligne = next(csv.DictReader(io.StringIO(texte, newline=""), delimiter=";"))
    assert ligne["Description"] == f"'{formule}"
    assert (ligne["Prévu"], ligne["Reçu ou dépensé"], ligne["Libre"]) == ("1234,50", "", "1234,50")
    classeur = load_workbook(io.BytesIO(client.get("/budget/exporter.xlsx").content))
    assert [c.value for c in classeur["Totaux"][3]] == ["Dépenses", 1234.5, 0, 0, 1234.5]
    feuille = classeur.active
    entetes = [cellule.value for cellule in feuille[1]]
    description, prevu = (feuille[2][entetes.index(nom)] for nom in ("Description", "Prévu"))
    assert (description.value, description.data_type) == (formule, "s")
    assert (prevu.value, prevu.data_type) == (1234.5, "n")


def test_envelope_pages(client_de):
    client = client_de("coordonnateur")
    donnees = {
        "jeton": str(uuid.uuid4()),
        "nom": "Fonds local",
        "bailleur": "Ville",
        "gestionnaire": "CDC",
        "montant": "10 000 $",
        "du": "2025-07-01",
    }
    for _ in range(2):
        reponse = client.post("/enveloppes/nouvelle/", donnees)
    enveloppe = Enveloppe.objects.get()
    assert reponse.url == enveloppe.get_absolute_url()
    demande = DemandeFondsFactory(accordee=True, enveloppe=enveloppe)
    page = client.get(enveloppe.get_absolute_url()).content.decode()
    assert demande.titre in page
    assert "8\u00a0500,00\u00a0$" in page
    refus = client.post(f"/enveloppes/{enveloppe.pk}/modifier/", {**donnees, "version": 1, "montant": "1000"})
    assert list(refus.context["form"].errors) == ["montant"]
    sans = client.post(
        "/enveloppes/nouvelle/", {**donnees, "jeton": str(uuid.uuid4()), "nom": "Autre", "gestionnaire": ""}
    )
    assert list(sans.context["form"].errors) == ["gestionnaire"]
    assert client.get("/enveloppes/999/").status_code == 404


def surplus(montant="44 540", **autres):
    return {
        "empreinte": empreinte([]),
        "montant": montant,
        "source": "États financiers",
        "solde_ouverture": "160 556",
        **rangs(
            "affectations",
            {"libelle": "Marché", "periode": "2026-2027", "montant": "101 500", "precision": ""},
            {"libelle": "", "periode": "", "montant": "", "precision": ""},
        ),
        **autres,
    }


@pytest.mark.regle("R9")
def test_r9_every_dollar_is_accounted_for_or_shown(client_de):
    client = client_de("coordonnateur")
    assert client.post("/budget/sommes-residuelles/modifier/", surplus()).status_code == 302
    page = client.get("/budget/sommes-residuelles/").content.decode()
    for figure in ("205\u00a0096,00", "101\u00a0500,00", "103\u00a0596,00"):
        assert figure in page


def test_deficit_is_written_with_a_minus_sign(client_de):
    client_de("coordonnateur").post("/budget/sommes-residuelles/modifier/", surplus("−1 234,50", solde_ouverture="0"))
    assert ResultatFinancier.objects.get().montant == Decimal("-1234.50")
    page = client_de("fiduciaire").get("/budget/sommes-residuelles/").content.decode()
    assert "−1\u00a0234,50" in page
    assert "dépassent" in page


def test_surplus_refusal_keeps_what_was_typed(client_de):
    reponse = client_de("coordonnateur").post("/budget/sommes-residuelles/modifier/", surplus("beaucoup"))
    assert list(reponse.context["form"].errors) == ["montant"]
    assert 'value="Marché"' in reponse.content.decode()
    assert not AffectationSurplus.objects.exists()


def test_rule_added_never_edited(client_de):
    RegleAllocationFactory()
    client = client_de("coordonnateur")
    donnees = {
        "jeton": str(uuid.uuid4()),
        "en_vigueur_du": "2026-02-01",
        "seuil_comite": "2 000",
        "seuil_assemblee": "60 000",
        "source": "Cadre 2026",
    }
    for _ in range(2):
        assert client.post("/reglages/allocation/nouvelle/", donnees).url == "/reglages/allocation/"
    assert RegleAllocation.objects.count() == 2
    page = client.get("/reglages/allocation/").content.decode()
    for texte in ("Cadre 2026", "À venir", "En vigueur", "Valeur par défaut"):
        assert texte in page
    mauvaise = client.post(
        "/reglages/allocation/nouvelle/", {**donnees, "jeton": str(uuid.uuid4()), "seuil_assemblee": "1 000"}
    )
    assert "Le second seuil doit dépasser le premier." in mauvaise.content.decode()


def test_line_that_requests_pay_explains_its_real_amount_and_takes_none(client_de):
    ligne = LigneBudgetaireFactory(montant_prevu=Decimal(500))
    action = ligne.action_collective
    demande = DemandeFondsFactory(accordee=True, action_collective=action, ligne_budgetaire=ligne)
    DecaissementFactory(demande=demande, montant=Decimal("120.50"))
    client, adresse = client_de("agent"), f"/actions/{action.pk}/budget/"
    reponse = client.get(adresse)
    assert reponse.context["groupes"][1]["reel"] == Decimal("120.50")
    page = reponse.content.decode()
    assert "Calculé : 120,50\u00a0$ payés" in page.replace("\u00a0:", " :")
    ligne.refresh_from_db()
    saisie = {**VIDE, "id": ligne.pk, "libelle": ligne.libelle, "montant_prevu": "600", "montant_reel": "99"}
    donnees = {"empreinte": empreinte([ligne]), **rangs("revenu"), **rangs("depense", saisie, initiales=1)}
    page = client.post(adresse, donnees).content.decode()
    assert 'id="id_depense-0-montant_reel_error"' in page
    assert "Videz cette case" in page
    assert "readonly" not in page, "a box that holds a value can be emptied"
    assert "readonly" in client.get(adresse).content.decode()
    client.post(adresse, {**donnees, "depense-0-montant_reel": ""})
    ligne.refresh_from_db()
    assert (ligne.montant_prevu, ligne.montant_reel) == (600, None)


def test_budget_shows_grants_that_no_line_plans(client_de):
    demande = DemandeFondsFactory(accordee=True, montant_demande=Decimal("777.00"))
    client = client_de("membre_comite")
    for adresse in ("/budget/", "/budget/lignes/", f"/actions/{demande.action_collective_id}/budget/"):
        page = client.get(adresse).content.decode()
        assert "777,00\u00a0$" in page, adresse
    assert "Demandes sans ligne au budget" in page
    texte = client.get("/budget/exporter.csv").content.decode("utf-8-sig")
    (ligne,) = csv.DictReader(io.StringIO(texte, newline=""), delimiter=";")
    assert (ligne["Description"], ligne["Engagé"], ligne["Reçu ou dépensé"], ligne["Action"]) == (
        "Demandes sans ligne au budget",
        "777,00",
        "0,00",
        demande.action_collective.titre,
    )


def test_envelope_form_asks_who_gives_the_money_unless_it_is_the_surplus(client_de):
    client = client_de("coordonnateur")
    donnees = {"nom": "Fonds", "gestionnaire": "CDC", "montant": "10", "du": "2025-07-01"}

    def creer(**autres):
        return client.post("/enveloppes/nouvelle/", {**donnees, "jeton": str(uuid.uuid4()), **autres})

    assert list(creer().context["form"].errors) == ["bailleur"]
    assert list(creer(est_surplus="on").context["form"].errors) == ["montant"]  # nothing is set aside yet
    ResultatFinancierFactory(montant=10)
    assert creer(est_surplus="on", usages="Matériel").status_code == 302
    page = client.get(Enveloppe.objects.get().get_absolute_url()).content.decode()
    assert "Matériel" in page
    assert "sommes résiduelles" in page


def test_planned_use_is_tied_to_the_envelope_that_carries_it(client_de):
    ResultatFinancierFactory(montant=10)
    enveloppe, autre = EnveloppeFactory(est_surplus=True, montant=10, nom="Réserve"), EnveloppeFactory()
    client, adresse = client_de("coordonnateur"), "/budget/sommes-residuelles/modifier/"
    donnees = surplus(**{"empreinte": empreinte(ResultatFinancier.objects.all())})
    refusee = client.post(adresse, {**donnees, "affectations-0-enveloppe": autre.pk})
    assert list(refusee.context["lignes"].forms[0].errors) == ["enveloppe"]
    client.post(adresse, {**donnees, "affectations-0-enveloppe": enveloppe.pk})
    assert AffectationSurplus.objects.get().enveloppe == enveloppe
    assert "Réserve" in client.get("/budget/sommes-residuelles/").content.decode()


def test_row_of_an_action_opens_its_lines_and_from_there_its_form(client_de, exercice):
    ligne = LigneBudgetaireFactory()
    client, cle = client_de("coordonnateur"), f"action-{ligne.action_collective_id}"
    lignes = f"/budget/lignes/?exercice={exercice.code}&amp;de="
    page = client.get("/budget/").content.decode()
    assert f'href="{lignes}{cle}"' in page
    assert f'href="{lignes}demarche"' in page
    adresse = f"/budget/lignes/?de={cle}"
    formulaire = f"/actions/{ligne.action_collective_id}/budget/?exercice={exercice.code}"
    assert formulaire in client.get(adresse).content.decode()
    assert formulaire not in client_de("membre_comite").get(adresse).content.decode()
    assert client.get("/budget/lignes/?de=chantier-1").context["modifier"] == ""
    exercice.est_clos = True
    exercice.save()
    assert client.get(adresse).context["modifier"] == ""


def test_totals_of_the_form_count_what_is_paid_without_a_line(client_de, exercice):
    ligne = LigneBudgetaireFactory(montant_reel=Decimal(10))
    demande = DemandeFondsFactory(accordee=True, action_collective=ligne.action_collective)
    DecaissementFactory(demande=demande, montant=Decimal("120.50"))
    reponse = client_de("agent").get(f"/actions/{ligne.action_collective_id}/budget/")
    assert (reponse.context["groupes"][1]["reel"], reponse.context["solde_reel"]) == (
        Decimal("130.50"),
        Decimal("-130.50"),
    )


ETATS = [
    ("2026-06-30", False, "En cours"),
    ("2026-07-01", False, "Terminé, pas encore clos"),
    ("2026-07-01", True, "Clos"),
]


@pytest.mark.parametrize(("jour", "clos", "badge"), ETATS)
def test_money_pages_say_by_their_title_whether_the_exercice_is_closed(
    client_de, exercice, horloge, jour, clos, badge
):
    horloge.move_to(datetime.datetime.fromisoformat(f"{jour}T12:00:00-04:00"))
    client = client_de("fiduciaire")
    exercice.est_clos = clos
    exercice.save()
    for adresse in ("/budget/", "/budget/sommes-residuelles/", "/budget/lignes/"):
        assert f"{badge}</span>" in client.get(f"{adresse}?exercice={exercice.code}").content.decode()


def test_sommes_residuelles_of_another_exercice_keep_to_their_own_day(client_de, exercice):
    passe = ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=passe, montant=Decimal(1000))
    EnveloppeFactory(est_surplus=True, montant=Decimal(600))
    client = client_de("fiduciaire")
    for annee, aujourd_hui in ((exercice, True), (passe, False)):
        page = client.get(f"/budget/sommes-residuelles/?exercice={annee.code}").content.decode()
        assert ("Où cela en est aujourd’hui" in page) is aujourd_hui
        assert "au 30 juin 2025" in page.replace("\u00a0", " ")


def test_budget_says_what_followed_it_and_what_is_paid_for_another_year(client_de, exercice, horloge):
    suivant = ExerciceFactory(annee=2026)
    horloge.move_to(datetime.datetime(2026, 9, 1, 15, tzinfo=datetime.UTC))
    demande = DemandeFondsFactory(accordee=True, montant_demande=Decimal(500), exercice=exercice)
    DecaissementFactory(demande=demande, montant=Decimal("120.50"), date=suivant.debut, exercice=suivant)
    client = client_de("fiduciaire")
    page = client.get(f"/budget/?exercice={exercice.code}").content.decode().replace("\u00a0", " ")
    assert "120,50 $ payés; il reste 379,50 $ à payer" in page
    suite = client.get(f"/budget/?exercice={suivant.code}").content.decode().replace("\u00a0", " ")
    assert "comprennent aussi 120,50 $" in suite
