"""Meetings and resolutions in the browser."""

import datetime
import re

import pytest
from django.urls import reverse

from demarche.gouvernance.models import Rencontre
from tests.comptes.navigateur import cout, saisie
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
)

pytestmark = pytest.mark.django_db
LISTE, NOUVELLE = "/rencontres/", "/rencontres/nouvelle/"
REGISTRE = "/resolutions/"
HIER = JOUR - datetime.timedelta(days=1)


def test_team_announces_a_meeting(client_de):
    client, comite = client_de("agent"), InstanceGouvernanceFactory(comite=True)
    donnees = saisie(
        client, NOUVELLE, instance_gouvernance=comite.pk, titre="Séance", date="8 mai 2026", heure="13 h 30"
    )
    reponse = client.post(NOUVELLE, donnees, follow=True)
    rencontre = Rencontre.objects.get()
    assert reponse.redirect_chain == [(rencontre.get_absolute_url(), 302)]
    assert (rencontre.date, rencontre.heure) == (datetime.date(2026, 5, 8), datetime.time(13, 30))
    assert [str(m) for m in reponse.context["messages"]] == ["La rencontre est enregistrée."]
    assert rencontre.history.get().history_user.prenom == "Camille"


def test_double_click_makes_one_meeting(client_de):
    client, comite = client_de("agent"), InstanceGouvernanceFactory(comite=True)
    donnees = saisie(client, NOUVELLE, instance_gouvernance=comite.pk, titre="Séance", date="2026-05-08")
    adresses = {client.post(NOUVELLE, donnees).url for _ in range(2)}
    assert adresses == {Rencontre.objects.get().get_absolute_url()}


def test_bad_input_is_said_beside_the_field_and_kept(client_de):
    client = client_de("agent")
    page = client.post(NOUVELLE, saisie(client, NOUVELLE, titre="Ma <i>séance</i>", date="02/01/2026", heure="midi"))
    assert page.context["form"].errors.keys() == {"instance_gouvernance", "date", "heure"}
    texte = page.content.decode()
    assert "peut se lire de deux façons" in texte
    assert "Ma &lt;i&gt;séance&lt;/i&gt;" in texte
    assert 'value="02/01/2026"' in texte
    assert not Rencontre.objects.exists()


def test_two_tabs(client_de):
    client, rencontre = client_de("agent"), RencontreFactory()
    adresse = reverse("rencontres:rencontre_modifier", args=[rencontre.pk])
    premier, second = saisie(client, adresse, titre="Premier"), saisie(client, adresse, titre="Second")
    assert client.post(adresse, premier).status_code == 302
    page = client.post(adresse, second)
    assert "Quelqu’un a modifié cette fiche" in page.content.decode()
    assert 'value="Second"' in page.content.decode()
    rencontre.refresh_from_db()
    assert rencontre.titre == "Premier"


def test_closed_exercice_is_said_on_the_form(client_de):
    ExerciceFactory(annee=2023, clos=True)
    client, comite = client_de("agent"), InstanceGouvernanceFactory(comite=True)
    donnees = saisie(client, NOUVELLE, instance_gouvernance=comite.pk, titre="Trop tard", date="2024-01-10")
    assert "L’exercice 2023-2024 est clos" in client.post(NOUVELLE, donnees).content.decode()


def test_inner_meeting_does_not_exist_for_others(client_de, personne_de):
    interne = RencontreFactory(notes="Confidentiel")
    for role, code in (("membre_comite", 200), ("fiduciaire", 200), ("partenaire", 404), ("administrateur", 404)):
        assert client_de(role).get(interne.get_absolute_url()).status_code == code, role
    MandatFactory(utilisateur=personne_de("partenaire"), siege__instance_gouvernance=interne.instance_gouvernance)
    assert client_de("partenaire").get(interne.get_absolute_url()).status_code == 200


def test_notes_are_not_for_everybody(client_de):
    publique = RencontreFactory(est_publique=True, notes="Confidentiel")
    ResolutionFactory(rencontre=publique, titre="Résolution interne")
    page = client_de("partenaire").get(publique.get_absolute_url()).content.decode()
    assert "Confidentiel" not in page
    assert "Résolution interne" not in page
    page = client_de("membre_comite").get(publique.get_absolute_url()).content.decode()
    assert "Confidentiel" in page
    assert "Résolution interne" in page


def test_list_keeps_to_its_exercice_and_reader(client_de):
    ExerciceFactory()
    ExerciceFactory(annee=2024)
    RencontreFactory(titre="De cette année")
    RencontreFactory(titre="De l’an dernier", date=datetime.date(2024, 9, 1))
    client = client_de("agent")
    assert [r.titre for r in client.get(LISTE).context["a_venir"]] == ["De cette année"]
    assert [r.titre for r in client.get(LISTE + "?exercice=2024-2025").context["page"]] == ["De l’an dernier"]
    assert not client_de("partenaire").get(LISTE).context["a_venir"]


def test_meetings_to_come_are_shown_whatever_the_exercice_twelve_at_a_time(client_de):
    ExerciceFactory()
    ExerciceFactory(annee=2024)
    for jours in range(13):
        RencontreFactory(titre=f"Dans {jours} jours", date=JOUR + datetime.timedelta(days=400 + jours))
    client = client_de("agent")
    page = client.get(LISTE + "?exercice=2024-2025")
    assert [r.titre for r in page.context["a_venir"]] == [f"Dans {jours} jours" for jours in range(12)]
    assert "?exercice=2024-2025&amp;a_venir=2" in page.content.decode()
    assert [r.titre for r in client.get(LISTE + "?a_venir=2").context["a_venir"]] == ["Dans 12 jours"]


def test_lists_cost_the_same_for_many_rows(client_de):
    DemarcheFactory()
    ExerciceFactory()
    client, couts = client_de("coordonnateur"), {LISTE: [], REGISTRE: []}
    for nb in (1, 2, 30):
        for _ in range(nb):
            RencontreFactory()
            rencontre = RencontreFactory(date=HIER)
            ResolutionFactory(rencontre=rencontre, scrutin=ScrutinFactory(clos=True))
        for adresse, liste in couts.items():
            liste.append(cout(client, adresse))
    assert [len(set(liste)) for liste in couts.values()] == [1, 1]


def test_detail_costs_the_same_for_many_rows(client_de):
    rencontre, couts = RencontreFactory(), []
    client = client_de("coordonnateur")
    for nb in (1, 2, 10):
        ResolutionFactory.create_batch(nb, rencontre=rencontre)
        couts.append(cout(client, rencontre.get_absolute_url()))
    assert len(set(couts)) == 1


def test_list_is_cut_in_pages_and_keeps_its_filter(client_de):
    ExerciceFactory()
    RencontreFactory.create_batch(26, date=HIER)
    page = client_de("agent").get(LISTE + "?exercice=2025-2026&page=2")
    assert (len(page.context["page"]), page.context["page"].number) == (1, 2)
    assert "?exercice=2025-2026&amp;page=1" in page.content.decode()
    assert client_de("agent").get(LISTE + "?page=zzz").status_code == 200


def test_register_is_read_by_instance_and_exercice(client_de):
    comite, assemblee = InstanceGouvernanceFactory(comite=True), InstanceGouvernanceFactory(assemblee=True)
    une = ResolutionFactory(instance_gouvernance=comite)
    autre = ResolutionFactory(instance_gouvernance=assemblee, exercice__annee=2024)
    client = client_de("membre_comite")
    for parametres, attendu in (
        ("", {une, autre}),
        (f"?instance_gouvernance={assemblee.pk}", {autre}),
        ("?exercice=2025-2026", {une}),
        (f"?instance_gouvernance={assemblee.pk}&exercice=2025-2026", set()),
        ("?instance_gouvernance=zzz", {une, autre}),
    ):
        page = client.get(REGISTRE + parametres)
        assert {resolution for resolution, _ in page.context["page"]} == attendu, parametres
    assert (
        "Aucune résolution ici"
        in client.get(REGISTRE + f"?instance_gouvernance={assemblee.pk}&exercice=2025-2026").content.decode()
    )


def test_resolution_shows_the_counts_not_who(client_de):
    scrutin = ScrutinFactory(clos=True, nb_electeurs=6, nb_pour=4, nb_contre=1, nb_abstentions=1, nb_recusations=1)
    resolution = ResolutionFactory(scrutin=scrutin, texte="Il est résolu <script>alert(1)</script>")
    texte = client_de("fiduciaire").get(resolution.get_absolute_url()).content.decode()
    valeurs = re.findall(r'chiffre__valeur">\s*(\d+)', texte)
    assert valeurs == ["4", "1", "1", "6", "1"]
    assert "<script>alert" not in texte
