"""The pages of the plan: what they show, what they write, once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from demarche.socle.services.jetons import nouveau_jeton
from evaluation.plan.enums import NatureEffet, StatutCible
from evaluation.plan.models import Cible, EffetConstate, Orientation, PlanStrategique, Resultat, Strategie
from tests.adresses import adresse_de
from tests.factories.chantiers import ActionCollectiveFactory, ActiviteFactory
from tests.factories.demarche import ExerciceFactory
from tests.factories.evaluation import (
    CibleFactory,
    ContributionFactory,
    EffetConstateFactory,
    ObjectifFactory,
    OrientationFactory,
    PlanStrategiqueFactory,
    ResultatFactory,
    ResultatTransitoireFactory,
    StrategieFactory,
)

pytestmark = pytest.mark.django_db
MARQUE = "<script>alert(1)</script>"


@pytest.fixture
def agent(client_de):
    return client_de("agent")


def url(nom, *args, exercice=None):
    adresse = adresse_de(f"{nom}", args=args)
    return f"{adresse}?exercice={exercice.code}" if exercice else adresse


def texte(reponse):
    return reponse.content.decode()


# Reading.


def test_plan_without_exercice_or_plan(agent):
    assert "pas encore d’exercice" in texte(agent.get(url("plan")))
    ExerciceFactory()
    assert "Aucun plan stratégique pour cet exercice" in texte(agent.get(url("plan")))
    PlanStrategiqueFactory()
    assert "pas encore de stratégie" in texte(agent.get(url("plan")))


@pytest.mark.parametrize("nombre", [1, 3, 10])
def test_plan_queries_are_constant(nombre, agent, django_assert_max_num_queries):
    plan = PlanStrategiqueFactory()
    for _ in range(nombre):
        strategie = StrategieFactory(objectif__orientation__plan=plan)
        ResultatFactory(cible=CibleFactory(strategie=strategie))
        EffetConstateFactory(strategie=strategie)
    with django_assert_max_num_queries(22):
        assert agent.get(url("plan")).status_code == 200


@pytest.mark.parametrize("nombre", [1, 3, 10])
def test_structure_queries_are_constant(nombre, agent, django_assert_max_num_queries):
    plan = PlanStrategiqueFactory()
    for _ in range(nombre):
        objectif = ObjectifFactory(orientation__plan=plan)
        StrategieFactory.create_batch(nombre, objectif=objectif)
    with django_assert_max_num_queries(16):
        agent.get(url("plan_structure"))


def test_plan_shows_where_targets_stand(agent):
    cible = CibleFactory(atteinte=True, chiffree=True, enonce=f"Dire {MARQUE}")
    page = texte(agent.get(url("plan")))
    assert "Atteinte" in page
    assert "aucun nombre obtenu pour une cible de 10" in page.lower()
    assert MARQUE not in page
    assert cible.get_absolute_url() in page


def test_plan_filters_by_status(agent):
    CibleFactory(enonce="Celle qui dure")
    CibleFactory(enonce="Celle qui est faite", atteinte=True)
    page = texte(agent.get(url("plan"), {"statut": "atteinte"}))
    assert "Celle qui est faite" in page
    assert "Celle qui dure" not in page
    assert "Aucune cible ne correspond" in texte(agent.get(url("plan"), {"statut": "depassee"}))


@pytest.mark.parametrize(
    ("role", "boutons"), [("agent", True), ("partenaire", False), ("membre_comite", False), ("fiduciaire", False)]
)
def test_cible_page_offers_its_verbs_to_the_team(role, boutons, client_de):
    cible = ResultatFactory(texte=MARQUE).cible
    page = texte(client_de(role).get(cible.get_absolute_url()))
    assert ("Enregistrer le statut" in page) is boutons
    assert ("Ajouter un résultat" in page) is boutons
    assert MARQUE not in page


def test_cible_page_says_what_is_missing(agent):
    cible = CibleFactory()
    assert "Ajoutez au moins un résultat" in texte(agent.get(cible.get_absolute_url()))


def test_strategie_page_shows_one_exercice(agent):
    strategie = StrategieFactory()
    CibleFactory(strategie=strategie, enonce="Cette année")
    avant = CibleFactory(strategie=strategie, enonce="L’an dernier", exercice__annee=2024)
    ContributionFactory(strategie=strategie, action_collective__titre="La fête")
    page = texte(agent.get(strategie.get_absolute_url()))
    assert "Cette année" in page
    assert "L’an dernier" not in page
    assert "La fête" in page
    assert "L’an dernier" in texte(agent.get(url("strategie_detail", strategie.pk, exercice=avant.exercice)))


# Writing the frame.


def test_double_click_makes_one_plan(agent):
    donnees = {"jeton": nouveau_jeton(), "titre": "Plan", "debut": "2025-07-01", "fin": "2028-06-30"}
    reponses = [agent.post(url("plan_creer"), donnees) for _ in range(2)]
    assert [r.status_code for r in reponses] == [302, 302]
    assert PlanStrategique.objects.count() == 1


def test_double_click_makes_one_strategy(agent):
    objectif = ObjectifFactory()
    donnees = {"jeton": nouveau_jeton(), "numero": 1, "enonce": "Faire"}
    premiere, seconde = (agent.post(url("strategie_creer", objectif.pk), donnees) for _ in range(2))
    assert premiere.url == seconde.url
    assert Strategie.objects.count() == 1


def test_taken_number_is_said_and_what_was_typed_is_kept(agent):
    prise = OrientationFactory(numero=1)
    donnees = {"jeton": nouveau_jeton(), "numero": 1, "titre": "Deuxième essai"}
    page = texte(agent.post(url("orientation_creer", prise.plan_id), donnees))
    assert "Ce numéro d’orientation est déjà pris." in page
    assert "Deuxième essai" in page
    donnees["numero"] = 2
    assert agent.post(url("orientation_creer", prise.plan_id), donnees).status_code == 302
    assert Orientation.objects.count() == 2


def test_ambiguous_date_is_refused(agent):
    donnees = {"jeton": nouveau_jeton(), "titre": "Plan", "debut": "02/01/2026", "fin": "2028-06-30"}
    page = texte(agent.post(url("plan_creer"), donnees))
    assert "peut se lire" in page
    assert "02/01/2026" in page


def test_removing_an_element(agent):
    strategie = CibleFactory().strategie
    agent.post(url("strategies_supprimer", strategie.pk))
    assert Strategie.objects.exists()
    vide = StrategieFactory()
    for _ in range(2):
        assert agent.post(url("strategies_supprimer", vide.pk)).status_code == 302
    assert list(Strategie.objects.all()) == [strategie]


# Writing targets, statuses, evidence.


def formset(*lignes, initiales=0):
    donnees = {"jeton": nouveau_jeton(), "cibles-TOTAL_FORMS": len(lignes), "cibles-INITIAL_FORMS": initiales}
    for rang, ligne in enumerate(lignes):
        donnees |= {f"cibles-{rang}-{champ}": valeur for champ, valeur in ligne.items()}
    return donnees


def test_several_targets_at_once(agent):
    strategie, exercice = StrategieFactory(), ExerciceFactory()
    donnees = formset(
        {"enonce": "Une"},
        {"enonce": "Deux", "valeur_visee": "1 500,5", "unite": "heures"},
        {"enonce": "", "valeur_visee": "", "unite": ""},
    )
    for _ in range(2):  # a double click
        assert agent.post(url("cibles_modifier", strategie.pk, exercice=exercice), donnees).status_code == 302
    assert [(c.numero, c.enonce, c.visee_ecrite) for c in Cible.objects.all()] == [
        (1, "Une", ""),
        (2, "Deux", "1\u00a0500,5\u00a0heures"),
    ]


@pytest.mark.parametrize(
    ("valeur", "phrase"),
    [
        ("-5", "Ce nombre ne peut pas être négatif."),
        ("1e9", "Écrivez un nombre en chiffres"),
        ("NaN", "Écrivez un nombre en chiffres"),
        ("1.005", "au plus deux chiffres"),
        ("1234567890123", "Ce nombre est trop grand"),
        ("12", "Écrivez ce qui est compté"),
    ],
)
def test_bad_number_is_refused_beside_its_field(valeur, phrase, agent):
    strategie, exercice = StrategieFactory(), ExerciceFactory()
    donnees = formset({"enonce": "Une", "valeur_visee": valeur})
    page = texte(agent.post(url("cibles_modifier", strategie.pk, exercice=exercice), donnees))
    assert phrase in page
    assert f'value="{valeur}"' in page
    assert not Cible.objects.exists()


def test_targets_in_two_tabs(agent):
    cible = CibleFactory(enonce="Avant", numero=1)
    ligne = {"pk": cible.pk, "version": 1, "numero": 1}
    adresse = url("cibles_modifier", cible.strategie_id, exercice=cible.exercice)
    agent.post(adresse, formset({**ligne, "enonce": "Premier onglet"}, initiales=1))
    page = texte(agent.post(adresse, formset({**ligne, "enonce": "Second onglet"}, initiales=1)))
    assert "pendant que vous l’aviez ouverte" in page
    assert "Second onglet" in page
    assert 'name="cibles-0-version" value="2"' in page
    assert Cible.objects.get().enonce == "Premier onglet"
    agent.post(adresse, formset({**ligne, "version": 2, "enonce": "Second onglet"}, initiales=1))
    assert Cible.objects.get().enonce == "Second onglet"


def test_status_is_refused_then_given(agent):
    cible = CibleFactory()
    adresse, donnees = url("cible_statuer", cible.pk), {"statut": "atteinte", "suite": "", "version": 1}
    page = texte(agent.post(adresse, donnees))
    assert "Il manque une preuve" in page
    ResultatFactory(cible=cible)
    assert agent.post(adresse, donnees).status_code == 302
    assert Cible.objects.get().statut == StatutCible.ATTEINTE


def test_status_in_two_tabs_then_saved_again(agent):
    cible = ResultatFactory().cible
    adresse = url("cible_statuer", cible.pk)
    agent.post(adresse, {"statut": "atteinte", "suite": "", "version": 1})
    reponse = agent.post(adresse, {"statut": "partielle", "suite": "", "version": 1})
    assert "pendant que vous l’aviez ouverte" in texte(reponse)
    assert 'name="version" value="2"' in texte(reponse)
    agent.post(adresse, {"statut": "partielle", "suite": "", "version": 2})
    assert Cible.objects.get().statut == StatutCible.PARTIELLE


def test_evidence_with_its_document_and_activity(agent, personne_de):
    cible = CibleFactory(chiffree=True)
    activite = ActiviteFactory(date=cible.exercice.debut)
    ContributionFactory(strategie=cible.strategie, action_collective=activite.action_collective)
    ailleurs = ActiviteFactory(date=cible.exercice.debut)
    pdf = SimpleUploadedFile("preuve.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    donnees = {"texte": "Fait", "valeur": "25", "unite": "adhésions tacites", "fichier": pdf}
    adresse = url("resultat_creer", cible.pk)
    page = texte(agent.get(adresse))
    assert f'value="{activite.pk}"' in page
    assert f'<option value="{ailleurs.pk}"' not in page
    assert agent.post(adresse, {**donnees, "activite": activite.pk, "jeton": nouveau_jeton()}).status_code == 302
    resultat = Resultat.objects.get()
    assert (resultat.valeur_ecrite, resultat.activite) == ("25\u00a0adhésions tacites", activite)
    assert resultat.document.depose_par == personne_de("agent")
    page = texte(agent.get(cible.get_absolute_url()))
    assert "Les nombres ne se comparent pas" in page


def test_document_of_a_wrong_kind_is_refused_and_text_kept(agent):
    cible = CibleFactory()
    faux = SimpleUploadedFile("preuve.pdf", b"<html><script>alert(1)</script>")
    donnees = {"jeton": nouveau_jeton(), "texte": "Ma phrase", "fichier": faux}
    page = texte(agent.post(url("resultat_creer", cible.pk), donnees))
    assert "Ma phrase" in page
    assert not Resultat.objects.exists()


def test_double_click_makes_one_piece_of_evidence(agent):
    cible = CibleFactory()
    donnees = {"jeton": nouveau_jeton(), "texte": "Fait"}
    for _ in range(2):
        agent.post(url("resultat_creer", cible.pk), donnees)
    assert Resultat.objects.count() == 1


def test_number_of_evidence_may_be_removed(agent):
    resultat = ResultatFactory(cible__chiffree=True, valeur=3, unite="adhésions formelles")
    agent.post(url("resultat_modifier", resultat.pk), {"texte": "Fait", "valeur": "", "unite": "adhésions formelles"})
    resultat.refresh_from_db()
    assert (resultat.valeur, resultat.unite) == (None, "")


# Effects and contributions.


def test_effects_are_noted_by_domaine(agent):
    strategie, exercice = StrategieFactory(), ExerciceFactory()
    un, deux = ResultatTransitoireFactory.create_batch(2)
    adresse = url("effets_modifier", strategie.pk, exercice=exercice)
    assert texte(agent.get(adresse)).count("<fieldset") == 3
    page = texte(agent.post(adresse, {"nature": NatureEffet.IDENTIFIE}))
    assert "Cochez au moins un résultat transitoire" in page
    coches = {f"domaine_{r.domaine_id}": r.pk for r in (un, deux)}
    assert "Décochez" in texte(agent.post(adresse, {"nature": NatureEffet.NON_APPLICABLE, **coches}))
    assert agent.post(adresse, {"nature": NatureEffet.IDENTIFIE, **coches}).status_code == 302
    assert set(EffetConstate.objects.get().resultats_transitoires.all()) == {un, deux}


def test_strategies_served_by_an_action(agent):
    action, plan = ActionCollectiveFactory(), PlanStrategiqueFactory()
    ExerciceFactory()
    un, deux = StrategieFactory.create_batch(2, objectif__orientation__plan=plan)
    adresse = url("action_strategies", action.pk)
    agent.post(adresse, {f"orientation_{un.objectif.orientation_id}": un.pk})
    agent.post(adresse, {f"orientation_{deux.objectif.orientation_id}": deux.pk})
    assert list(action.strategies.all()) == [deux]


def test_action_serves_the_plans_of_its_time(agent):
    ExerciceFactory()
    ancien = PlanStrategiqueFactory(debut="2020-07-01", fin="2025-06-30")
    courant = PlanStrategiqueFactory()
    for plan, enonce in ((ancien, "De l’ancien plan"), (courant, "Du plan courant")):
        StrategieFactory(objectif__orientation__plan=plan, enonce=enonce)
    passee = ActionCollectiveFactory(debut="2023-09-01", fin="2024-06-30")
    page = texte(agent.get(url("action_strategies", passee.pk)))
    assert "De l’ancien plan" in page
    assert "Du plan courant" not in page


def test_strategy_of_an_older_plan_opens_on_its_last_exercice(agent):
    ExerciceFactory()
    dernier = ExerciceFactory(annee=2024)
    ExerciceFactory(annee=2023)
    ancien = PlanStrategiqueFactory(debut="2022-07-01", fin="2025-06-30")
    strategie = StrategieFactory(objectif__orientation__plan=ancien)
    assert agent.get(strategie.get_absolute_url()).context["exercice"] == dernier
