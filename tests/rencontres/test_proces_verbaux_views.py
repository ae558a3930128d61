"""The pages of the minutes: who opens what, and what each of them shows."""

import datetime

import pytest

from demarche.comptes.protocoles import PAGES
from demarche.rencontres.enums import EtatProcesVerbal, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.services.adoptions_proces_verbaux import adopter_proces_verbal
from demarche.rencontres.services.points import noter_point
from demarche.rencontres.services.proces_verbaux import rediger_proces_verbal
from tests.adresses import adresse_de
from tests.comptes.navigateur import cout, envoyer, saisie
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    UtilisateurFactory,
)
from tests.factories.personas import PERSONAS
from tests.rencontres.seance import AVANT, par_nombre, redigee, seance

pytestmark = pytest.mark.django_db
LISTE = "/proces-verbaux/"
EQUIPE = {"agent", "coordonnateur"}
LECTEURS = {*EQUIPE, "membre_comite", "fiduciaire"}


@pytest.fixture(autouse=True)
def fichiers(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def route(nom, pk):
    return adresse_de(f"proces_verbal_{nom}", args=[pk])


def assemblee(adopte=True):
    """Return the minutes of an assemblée, adopted at the next one or still a draft."""
    DemarcheFactory()
    ExerciceFactory()
    instance = InstanceGouvernanceFactory(assemblee=True)
    tenue = RencontreFactory(instance_gouvernance=instance, date=AVANT, est_publique=True, notes="Note interne")
    PointOrdreDuJourFactory(rencontre=tenue, traite=True, titre="Bilan de l’an", notes="Notes du point")
    auteur = UtilisateurFactory(coordonnateur=True, email="auteur@exemple.test")
    pv = rediger_proces_verbal(tenue.pk, auteur=auteur)
    if adopte:
        suivante = RencontreFactory(instance_gouvernance=instance, date=JOUR, est_publique=True)
        point = PointOrdreDuJour.objects.create(
            rencontre=suivante, ordre=1, genre=GenrePoint.PROCES_VERBAL, titre="Adoption", proces_verbal=pv
        )
        adopter_proces_verbal(point.pk, vote=par_nombre(9, 9), auteur=auteur)
    return ProcesVerbal.objects.get(pk=pv.pk)


def statuts(client_de, adresse, methode="get"):
    return {role: getattr(client_de(role), methode)(adresse).status_code for role in PERSONAS}


# Rights


def test_who_reads_a_draft_of_the_comite(client_de):
    pv = redigee().pv
    for nom in ("detail", "pdf"):
        attendu = {role: 200 if role in LECTEURS else 404 for role in PERSONAS}
        assert statuts(client_de, route(nom, pv.pk)) == attendu, nom


def test_who_edits_a_draft(client_de):
    pv = redigee().pv
    assert statuts(client_de, route("modifier", pv.pk)) == {r: 200 if r in EQUIPE else 403 for r in PERSONAS}


@pytest.mark.parametrize("nom", ["reprendre", "supprimer", "inscrire"])
def test_who_acts_on_a_draft(client_de, nom):
    pv = ProcesVerbalFactory(rencontre__date=AVANT)
    assert statuts(client_de, route(nom, pv.pk), "get") == dict.fromkeys(PERSONAS, 405)
    refuses = [role for role in PERSONAS if role not in EQUIPE]
    assert {client_de(role).post(route(nom, pv.pk)).status_code for role in refuses} == {403}
    assert client_de("agent").post(route(nom, pv.pk)).status_code == 302


def test_who_drafts(client_de):
    rencontre = seance().rencontre
    adresse = route("rediger", rencontre.pk)
    assert statuts(client_de, adresse, "get") == dict.fromkeys(PERSONAS, 405)
    assert {client_de(r).post(adresse).status_code for r in PERSONAS if r not in EQUIPE} == {403}
    assert not ProcesVerbal.objects.exists()
    assert client_de("agent").post(adresse).url == route("modifier", ProcesVerbal.objects.get().pk)
    assert client_de("agent").post(route("rediger", 9999)).status_code == 404


def test_coordination_alone_records_the_adoption(client_de):
    s = redigee()
    adresse = route("adopter", s.point.pk)
    assert statuts(client_de, adresse) == {r: 200 if r == "coordonnateur" else 403 for r in PERSONAS}
    assert client_de("coordonnateur").get(route("adopter", s.points[0].pk)).status_code == 404


@pytest.mark.regle("R7")
def test_partner_reads_the_adopted_minutes_of_the_assemblee_alone(client_de):
    pv = assemblee()
    attendu = {role: 404 if role == "administrateur" else 200 for role in PERSONAS}
    assert statuts(client_de, route("detail", pv.pk)) == attendu
    assert statuts(client_de, route("pdf", pv.pk)) == attendu
    page = client_de("partenaire").get(route("detail", pv.pk)).content.decode()
    assert "Bilan de l’an" in page
    assert "Note interne" not in page
    assert "Notes du point" not in page


@pytest.mark.regle("R7")
def test_partner_does_not_read_the_draft_of_an_assemblee(client_de):
    pv = assemblee(adopte=False)
    client = client_de("partenaire")
    assert client.get(route("detail", pv.pk)).status_code == 404
    assert pv.get_absolute_url() not in client.get(LISTE).content.decode()
    assert pv.get_absolute_url() not in client.get(pv.rencontre.get_absolute_url()).content.decode()


def test_who_sits_in_a_chantier_reads_its_minutes_and_no_other(client_de, personne_de):
    pv, autre = (
        ProcesVerbalFactory(rencontre__date=AVANT),
        ProcesVerbalFactory(
            rencontre__instance_gouvernance=InstanceGouvernanceFactory(concertation=True), rencontre__date=AVANT
        ),
    )
    MandatFactory(
        utilisateur=personne_de("partenaire"), siege__instance_gouvernance=autre.rencontre.instance_gouvernance
    )
    client = client_de("partenaire")
    assert client.get(route("detail", autre.pk)).status_code == 200
    assert client.get(route("detail", pv.pk)).status_code == 404


def test_the_public_agenda_shows_nothing_of_them(client_de):
    pv = assemblee()
    for adresse in ("/", "/agenda/"):
        page = client_de("public").get(adresse).content.decode().lower()
        assert pv.get_absolute_url() not in page
        assert "procès-verbal" not in page


# Pages


def test_draft_page_leads_to_the_next_meeting_then_to_the_adoption(client_de):
    s = redigee()
    s.point.delete()
    client = client_de("coordonnateur")
    page = client.get(s.pv.get_absolute_url()).content.decode()
    assert "Inscrire à l’ordre du jour du 14\xa0janvier\xa02026" in page
    client.post(route("inscrire", s.pv.pk))
    point = s.suivante.points.get(genre=GenrePoint.PROCES_VERBAL)
    assert route("adopter", point.pk) in client.get(s.pv.get_absolute_url()).content.decode()
    assert route("adopter", point.pk) not in client_de("agent").get(s.pv.get_absolute_url()).content.decode()


def test_edit_page_shows_facts_that_cannot_be_edited(client_de):
    s = redigee()
    s.points[0].notes = "Entendu\xa0: le marché va bien."
    s.points[0].save()
    page = client_de("agent").get(route("modifier", s.pv.pk))
    texte = page.content.decode()
    assert "Résolution CP-2025-2026-001" in texte
    assert "Que la fête ait lieu." in texte
    assert "le marché va bien" in texte
    assert {f"point-{p.pk}" for p in s.points} < set(page.context["form"].fields)


def test_saving_then_reading_again(client_de):
    s = redigee()
    client, adresse = client_de("agent"), route("modifier", s.pv.pk)
    reponse = envoyer(client, adresse, fois=2, **{f"point-{s.points[0].pk}": "Tout va.\r\n\r\nMerci."})
    assert reponse.url == s.pv.get_absolute_url()
    assert "<p>Tout va.</p>" in client.get(reponse.url).content.decode()


def test_two_tabs(client_de):
    s = redigee()
    client, adresse = client_de("agent"), route("modifier", s.pv.pk)
    premier, second = saisie(client, adresse, ouverture="Premier"), saisie(client, adresse, ouverture="Second")
    assert client.post(adresse, premier).status_code == 302
    page = client.post(adresse, second).content.decode()
    assert "Quelqu’un a modifié cette fiche" in page
    assert "Second" in page
    assert ProcesVerbal.objects.get(pk=s.pv.pk).ouverture == "Premier"


def test_what_is_typed_is_escaped_on_the_page_and_in_the_pdf(client_de):
    s = redigee()
    s.pv.ouverture = "<script>alert(1)</script>"
    s.pv.save()
    client = client_de("agent")
    assert "<script>alert(1)" not in client.get(s.pv.get_absolute_url()).content.decode()
    assert client.get(route("pdf", s.pv.pk))["Content-Type"] == "application/pdf"


def test_adoption_by_seat_and_by_number(client_de):
    s = redigee()
    client, adresse = client_de("coordonnateur"), route("adopter", s.point.pk)
    par_siege = {f"siege-{n}": "pour" for n in range(1, 7)}
    form = client.get(adresse).context["form"]
    assert {*par_siege, "version"} == set(form.fields)
    donnees = saisie(client, f"{adresse}?par=nombre", nb_presents=5, nb_pour=5, nb_contre=0, nb_abstentions=0)
    reponse = client.post(f"{adresse}?par=nombre", donnees, follow=True)
    assert reponse.redirect_chain == [(s.pv.get_absolute_url(), 302)]
    assert [str(m) for m in reponse.context["messages"]] == ["Le procès-verbal est adopté. Il ne change plus."]
    assert client.get(adresse).url == s.pv.get_absolute_url()
    assert client.get(route("modifier", s.pv.pk)).url == s.pv.get_absolute_url()


def test_impossible_count_is_said_beside_the_field(client_de):
    s = redigee()
    client, adresse = client_de("coordonnateur"), f"{route('adopter', s.point.pk)}?par=nombre"
    page = client.post(adresse, saisie(client, adresse, nb_presents=2, nb_pour=5, nb_contre=0, nb_abstentions=0))
    assert "Il y a plus de votes comptés que de personnes présentes." in page.content.decode()
    assert ProcesVerbal.objects.get(pk=s.pv.pk).etat == EtatProcesVerbal.PROJET


@pytest.mark.regle("R7")
def test_minutes_changed_since_they_were_read_are_not_adopted(client_de):
    s = redigee()
    client, adresse = client_de("coordonnateur"), f"{route('adopter', s.point.pk)}?par=nombre"
    donnees = saisie(client, adresse, nb_presents=5, nb_pour=5, nb_contre=0, nb_abstentions=0)
    noter_point(s.points[0], version=1, notes="Noté entre-temps", traite=True, auteur=s.auteur)
    refus = client.post(adresse, donnees)
    assert "Quelqu’un a modifié cette fiche" in refus.content.decode()
    assert ProcesVerbal.objects.get(pk=s.pv.pk).etat == EtatProcesVerbal.PROJET
    relu = refus.context["form"]["version"].value()
    assert client.post(adresse, donnees | {"version": relu}).url == s.pv.get_absolute_url()
    assert "Noté entre-temps" in str(ProcesVerbal.objects.get(pk=s.pv.pk).donnees)


def test_text_left_as_it_was_goes_on_following_the_facts(client_de):
    s = redigee()
    client, adresse = client_de("agent"), route("modifier", s.pv.pk)
    premier = f"point-{s.points[0].pk}"
    donnees = saisie(client, adresse)
    form = client.get(adresse).context["form"]
    donnees |= {f"initial-{nom}": form[nom].value() for nom in form.fields if nom != "version"}
    noter_point(s.points[0], version=1, notes="Noté entre-temps", traite=True, auteur=s.auteur)
    assert client.post(adresse, donnees | {"ouverture": "Revue."}).status_code == 302
    lu = client.get(adresse).context["form"]
    assert (lu[premier].value(), lu["ouverture"].value()) == ("Noté entre-temps", "Revue.")


def test_what_waits_for_the_coordination_and_for_the_comite(client_de, personne_de):
    s = redigee()
    assert [(a.verbe, a.url) for a in PAGES.attentes_de(personne_de("coordonnateur")) if "verbal" in a.libelle] == [
        ("À adopter", route("adopter", s.point.pk))
    ]
    membre = personne_de("membre_comite")
    assert [(a.verbe, a.url) for a in PAGES.attentes_de(membre) if "verbal" in a.libelle] == [
        ("À lire", s.pv.get_absolute_url())
    ]
    assert not [a for a in PAGES.attentes_de(personne_de("partenaire")) if "verbal" in a.libelle]
    assert s.pv.get_absolute_url() in client_de("membre_comite").get(s.comite.get_absolute_url()).content.decode()


def test_team_is_told_of_minutes_to_draft(personne_de):
    s = seance()
    RencontreFactory(date=JOUR - datetime.timedelta(days=61), levee_a=datetime.time(12))
    attendues = [a.url for a in PAGES.attentes_de(personne_de("agent")) if a.verbe == "À rédiger"]
    assert attendues == [f"{s.rencontre.get_absolute_url()}#proces-verbal"]
    assert not [a for a in PAGES.attentes_de(personne_de("membre_comite")) if a.verbe == "À rédiger"]
    rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)
    assert not [a for a in PAGES.attentes_de(personne_de("agent")) if a.verbe == "À rédiger"]


def test_lists_cost_the_same_for_many_rows(client_de):
    DemarcheFactory()
    client, couts = client_de("membre_comite"), {LISTE: [], "/espace/": []}
    for nb in (1, 2, 30):
        for rang in range(nb):
            date = AVANT - datetime.timedelta(days=rang)
            suivante = RencontreFactory(date=JOUR)
            pv = ProcesVerbalFactory(rencontre__date=date)
            PointOrdreDuJourFactory(rencontre=suivante, genre=GenrePoint.PROCES_VERBAL, proces_verbal=pv)
            ProcesVerbalFactory(adopte=True, rencontre__date=date)
        for adresse, liste in couts.items():
            liste.append(cout(client, adresse))
    assert [len(set(liste)) for liste in couts.values()] == [1, 1]
