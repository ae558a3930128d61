import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from chantiers.actions.enums import EtatAction, TypeAction
from chantiers.actions.models import ActionCollective, Chantier, ObjectifChantier
from demarche.socle.concurrence import empreinte
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ActiviteFactory,
    ChantierFactory,
    DemandeFondsFactory,
    LigneBudgetaireFactory,
    ObjectifChantierFactory,
)
from tests.factories.demarche import ExerciceFactory
from tests.factories.partenaires import OrganisationFactory

pytestmark = pytest.mark.django_db
BALISE = "<script>alert(1)</script>"


def saisie(**autres):
    if "chantier" not in autres:
        autres["chantier"] = ChantierFactory().pk
    return {
        "jeton": str(uuid.uuid4()),
        "titre": "Marché solidaire",
        "resume": "Des légumes à bas prix.",
        "type_action": "structurante",
        "origine": "chantier",
        "concertation": "",
        "justification": "",
        "porteur": "",
        "territoire": "",
        "debut": "2025-09-01",
        "fin": "",
        "etat": "en_cours",
        "est_publique": "on",
        **autres,
    }


def test_public_list_shows_public_actions_and_totals(client_de):
    ExerciceFactory()
    ActiviteFactory(action_collective__titre="Ouverte", nb_personnes=1234)
    ActiviteFactory(action_collective__titre="Cachée", action_collective__est_publique=False, nb_personnes=8000)
    page = client_de("public").get("/chantiers/").content.decode()
    assert "Ouverte" in page
    assert "Cachée" not in page
    assert "1\u00a0234" in page
    assert "9\u00a0234" not in page
    assert "Nouvelle action" not in page
    equipe = client_de("agent").get("/chantiers/").content.decode()
    assert "Cachée" in equipe
    assert "9\u00a0234" in equipe


def test_exercice_is_chosen_without_script(client_de):
    ExerciceFactory()
    ExerciceFactory(annee=2023)
    ActiviteFactory(action_collective__titre="D’autrefois", action_collective__debut="2023-09-01", date="2023-10-01")
    client = client_de("public")
    assert client.get("/chantiers/?exercice=2023-2024").context["totaux"].nb_activites == 1
    assert client.get("/chantiers/").context["totaux"].nb_activites == 0
    assert client.get("/chantiers/?exercice=n’importe").context["exercice"].code == "2025-2026"


def test_no_exercice_yet(client_de):
    assert "Aucun exercice" in client_de("public").get("/chantiers/").content.decode()
    action = ActionCollectiveFactory()
    assert client_de("public").get(action.get_absolute_url()).status_code == 200
    assert client_de("agent").get("/budget/").status_code == 404


def test_internal_action_is_404_outside(client_de):
    ExerciceFactory()
    action = ActionCollectiveFactory(est_publique=False)
    for role, statut in (("public", 404), ("partenaire", 404), ("administrateur", 404), ("membre_comite", 200)):
        assert client_de(role).get(action.get_absolute_url()).status_code == statut


def test_public_page_says_nothing_of_money_nor_notes(client_de):
    ExerciceFactory()
    action = ActionCollectiveFactory()
    ActiviteFactory(action_collective=action, titre="Kiosque", note="Ne pas publier")
    LigneBudgetaireFactory(action_collective=action, montant_prevu=4321)
    page = client_de("public").get(action.get_absolute_url()).content.decode()
    assert "Kiosque" in page
    assert "Ne pas publier" not in page
    assert "4\u00a0321" not in page
    membre = client_de("membre_comite").get(action.get_absolute_url()).content.decode()
    assert "Ne pas publier" in membre
    assert "4\u00a0321" in membre
    assert "Noter une activité" not in membre


def test_create_leads_to_the_next_steps(client_de):
    ExerciceFactory()
    partenaires = [OrganisationFactory(), OrganisationFactory()]
    client = client_de("agent")
    reponse = client.post("/actions/nouvelle/", saisie(partenaires=[p.pk for p in partenaires]), follow=True)
    action = ActionCollective.objects.get()
    assert reponse.redirect_chain == [(action.get_absolute_url(), 302)]
    assert set(action.partenaires.all()) == set(partenaires)
    page = reponse.content.decode()
    for suite in ("Ajouter le budget", "Noter une activité", "Demander des fonds"):
        assert suite in page


def test_double_click_makes_one_action(client_de):
    donnees = saisie()
    client = client_de("agent")
    premiere, seconde = (client.post("/actions/nouvelle/", donnees) for _ in range(2))
    assert premiere.url == seconde.url
    assert ActionCollective.objects.count() == 1


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"chantier": ""}, "chantier"),
        ({"origine": "concertation"}, "concertation"),
        ({"origine": "comite_pilotage"}, "justification"),
        ({"origine": "comite_pilotage", "justification": "   "}, "justification"),
        ({"type_action": "ponctuelle", "fin": "2026-08-31"}, "fin"),
        ({"debut": "02/01/2026"}, "debut"),
        ({"debut": "2025-02-30"}, "debut"),
        ({"titre": ""}, "titre"),
        ({"titre": "x" * 161}, "titre"),
    ],
)
def test_refusal_stands_beside_its_field_and_keeps_what_was_typed(client_de, autres, champ):
    reponse = client_de("agent").post("/actions/nouvelle/", saisie(resume="Gardé tel quel", **autres))
    form = reponse.context["form"]
    assert list(form.errors) == [champ]
    assert "Gardé tel quel" in reponse.content.decode()
    assert f'id="id_{champ}_error"' in reponse.content.decode()
    assert not ActionCollective.objects.exists()


def test_end_before_start_is_refused(client_de):
    reponse = client_de("agent").post("/actions/nouvelle/", saisie(fin="2025-08-31"))
    assert "La fin précède le début." in reponse.content.decode()
    assert not ActionCollective.objects.exists()


def test_two_tabs_on_the_same_action(client_de):
    action = ActionCollectiveFactory()
    client = client_de("agent")
    adresse = f"/actions/{action.pk}/modifier/"
    client.post(adresse, saisie(version=1, titre="Premier onglet"))
    reponse = client.post(adresse, saisie(version=1, titre="Second onglet"))
    page = reponse.content.decode()
    assert "Quelqu’un a modifié cette fiche" in page
    assert 'value="Second onglet"' in page
    action.refresh_from_db()
    assert action.titre == "Premier onglet"
    # Told, the person may save again.
    client.post(adresse, saisie(version=reponse.context["form"]["version"].value(), titre="Second onglet"))
    action.refresh_from_db()
    assert (action.titre, action.version) == ("Second onglet", 3)


def test_markup_typed_shows_as_text(client_de):
    ExerciceFactory()
    action = ActionCollectiveFactory(titre=BALISE, resume=BALISE, chantier__nom=BALISE, chantier__description=BALISE)
    ActiviteFactory(action_collective=action, titre=BALISE, note=BALISE)
    LigneBudgetaireFactory(action_collective=action, libelle=BALISE, bailleur=BALISE, gestionnaire=BALISE)
    client = client_de("coordonnateur")
    for adresse in (
        "/chantiers/",
        action.chantier.get_absolute_url(),
        "/actions/",
        action.get_absolute_url(),
        f"/actions/{action.pk}/modifier/",
        f"/actions/{action.pk}/budget/",
        "/activites/",
        "/budget/",
        "/budget/lignes/",
        "/espace/",
    ):
        page = client.get(adresse).content.decode()
        assert BALISE not in page
        assert escape(BALISE) in page or "<script>alert" not in page


def test_filters(client_de):
    ExerciceFactory()
    voulue = ActionCollectiveFactory(titre="Frigo partagé", type_action=TypeAction.STRUCTURANTE)
    ActionCollectiveFactory(titre="Fête", etat=EtatAction.COMPLETEE)
    client = client_de("agent")
    for requete in ("q=frigo", f"chantier={voulue.chantier_id}", "type_action=structurante", "suivi=sans_budget"):
        assert list(client.get(f"/actions/?{requete}").context["page"]) == [voulue], requete
    assert len(client.get("/actions/?chantier=abc&etat=zzz").context["page"]) == 2
    assert "suivi" not in client_de("public").get("/actions/").context["filtre"].fields


@pytest.mark.parametrize("adresse", ["/actions/", "/chantiers/"])
@pytest.mark.parametrize("role", ["public", "agent"])
def test_lists_take_the_same_queries_with_1_3_or_12_rows(client_de, role, adresse):
    ExerciceFactory()
    client = client_de(role)
    comptes = set()
    for nombre in (1, 2, 9):
        for _ in range(nombre):
            ActiviteFactory(action_collective__porteur=OrganisationFactory())
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse)
        comptes.add(len(requetes))
    assert len(comptes) == 1


@pytest.mark.parametrize("role", ["agent", "membre_comite", "partenaire"])
def test_action_page_takes_the_same_queries_whatever_it_lists(client_de, role):
    ExerciceFactory()
    action = ActionCollectiveFactory()
    client = client_de(role)
    comptes = set()
    for nombre in (1, 2, 9):
        for _ in range(nombre):
            ActiviteFactory(action_collective=action)
            LigneBudgetaireFactory(action_collective=action)
            DemandeFondsFactory(soumise=True, action_collective=action, organisation=OrganisationFactory())
        with CaptureQueriesContext(connection) as requetes:
            client.get(action.get_absolute_url())
        comptes.add(len(requetes))
    assert len(comptes) == 1


def test_chantier_created_then_changed(client_de):
    client = client_de("agent")
    donnees = {"jeton": str(uuid.uuid4()), "nom": "Logement", "description": "", "est_actif": "on"}
    for _ in range(2):
        client.post("/chantiers/nouveau/", donnees)
    chantier = Chantier.objects.get()
    client.post(f"/chantiers/{chantier.pk}/modifier/", {"nom": "Habitation", "est_actif": "on", "version": 1})
    chantier.refresh_from_db()
    assert chantier.nom == "Habitation"
    reponse = client.post("/chantiers/nouveau/", {**donnees, "jeton": str(uuid.uuid4()), "nom": "Habitation"})
    assert "Un chantier porte déjà ce nom." in reponse.content.decode()


def test_objectives_written_several_at_once(client_de):
    exercice = ExerciceFactory()
    ancien = ObjectifChantierFactory(numero=1, texte="Ancien")
    chantier = ancien.chantier
    reponse = client_de("agent").post(
        f"/chantiers/{chantier.pk}/objectifs/",
        {
            "empreinte": empreinte([ancien]),
            "objectifs-TOTAL_FORMS": "4",
            "objectifs-INITIAL_FORMS": "1",
            "objectifs-0-id": ancien.pk,
            "objectifs-0-texte": "Renouvelé",
            "objectifs-1-texte": "Deuxième",
            "objectifs-2-texte": "",
            "objectifs-3-texte": "Troisième",
        },
    )
    assert reponse.status_code == 302
    assert list(ObjectifChantier.objects.values_list("numero", "texte", "exercice").order_by("numero")) == [
        (1, "Renouvelé", exercice.pk),
        (2, "Deuxième", exercice.pk),
        (3, "Troisième", exercice.pk),
    ]
