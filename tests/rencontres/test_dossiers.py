"""The dossier de siège: who reads it, what it holds, its PDF and its words."""

import datetime
import io

import page
import pytest
from django.conf import settings
from pypdf import PdfReader

from demarche.rencontres.dossier_siege import composer_dossier, lexique
from demarche.scrutins.services.scrutins import ouvrir_scrutin
from demarche.scrutins.services.votes import voter
from tests.adresses import adresse_de
from tests.comptes.navigateur import cout
from tests.factories import JOUR
from tests.factories.chantiers import DemandeFondsFactory, RegleAllocationFactory
from tests.factories.demarche import (
    CadreReferenceFactory,
    DemarcheFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    SiegeFactory,
)
from tests.factories.partenaires import OrganisationFactory, RepresentationFactory
from tests.factories.personas import PERSONAS
from tests.rencontres.seance import seance

pytestmark = pytest.mark.django_db
EQUIPE = {"agent", "coordonnateur"}


def adresses(siege):
    return [adresse_de(f"{nom}", args=[siege.pk]) for nom in ("dossier_siege", "dossier_siege_pdf")]


def mien(personne):
    return personne.mandats.get().siege


def test_team_and_holder_read_it(client_de, personne_de):
    siege = mien(personne_de("membre_comite"))
    for adresse in adresses(siege):
        attendu = {r: 200 if r in {*EQUIPE, "membre_comite"} else 403 for r in PERSONAS}
        assert {r: client_de(r).get(adresse).status_code for r in PERSONAS} == attendu
        assert client_de("agent").post(adresse).status_code == 405
    assert client_de("agent").get("/sieges/9999/dossier/").status_code == 404


def test_holder_of_another_seat_or_of_an_ended_mandate_does_not(client_de, personne_de):
    siege = mien(personne_de("membre_comite"))
    assert client_de("fiduciaire").get(adresses(siege)[0]).status_code == 403
    mandat = siege.mandats.get()
    mandat.au = JOUR - datetime.timedelta(days=1)
    mandat.save()
    assert client_de("membre_comite").get(adresses(siege)[0]).status_code == 403


def test_it_holds_mandate_rule_framework_decisions_meetings_and_neighbours():
    s = seance()
    siege = s.mandats[0].siege
    RepresentationFactory(siege=siege, organisation__nom="Café du coin")
    cadre = CadreReferenceFactory(adopte_le=JOUR)
    CadreReferenceFactory(adopte_le=JOUR + datetime.timedelta(days=1))
    resolutions = ResolutionFactory.create_batch(12, instance_gouvernance=s.comite)
    dossier = composer_dossier(siege)
    assert (dossier.mandat, dossier.organisation, dossier.cadre) == (s.mandats[0], "Café du coin", cadre)
    assert dossier.regle.est_par_defaut
    assert any("soit 4 sur 6 aujourd’hui" in phrase.texte for phrase in dossier.regle.phrases)
    assert [r.pk for r in dossier.resolutions] == [r.pk for r in reversed(resolutions[2:])]
    assert dossier.rencontres == (s.suivante,)
    assert [v.nom for v in dossier.voisins] == [f"Camille Titulaire {n}" for n in range(2, 7)] + [""]
    assert len(dossier.vote) == 5


def test_open_ballots_say_whether_the_seat_answered_never_what(client_de, horloge):
    s = seance()
    siege, echeance = s.mandats[0].siege, datetime.datetime(2026, 1, 20, 17, tzinfo=datetime.UTC)
    scrutin = ouvrir_scrutin(
        instance_gouvernance=s.comite, question="Le marché", texte="Que.", echeance=echeance, auteur=s.auteur
    )
    assert [x.etat for x in composer_dossier(siege).scrutins] == ["réponse attendue"]
    voter(scrutin.pk, auteur=s.mandats[0].utilisateur, choix="contre")
    assert [x.etat for x in composer_dossier(siege).scrutins] == ["réponse donnée"]
    texte = client_de("agent").get(adresses(siege)[0]).content.decode()
    assert "Le marché" in texte
    assert "(réponse donnée)" in texte


def test_the_label_of_a_default_gives_way_to_its_source(client_de):
    s = seance()
    adresse = adresses(s.mandats[0].siege)[0]
    assert (
        "Valeur par défaut, à confirmer par votre cadre de référence"
        in client_de("agent").get(adresse).content.decode()
    )
    s.comite.source_regle = "Cadre de référence, article 4"
    s.comite.save()
    texte = client_de("agent").get(adresse).content.decode()
    assert "Valeur par défaut" not in texte
    assert "Cadre de référence, article 4" in texte


def test_thresholds_and_waiting_requests_come_from_above(client_de):
    s = seance()
    RegleAllocationFactory()
    DemandeFondsFactory(soumise=True, titre="Les jardins", instance_gouvernance=s.comite)
    DemandeFondsFactory(titre="Un brouillon")
    texte = client_de("agent").get(adresses(s.mandats[0].siege)[0]).content.decode()
    assert "inclusivement" in texte
    assert "Les jardins" in texte
    assert "Un brouillon" not in texte


def test_a_vacant_seat_has_its_file_too(client_de):
    DemarcheFactory()
    siege = SiegeFactory(libelle="Siège ouvert")
    assert "siège vacant" in client_de("agent").get(adresses(siege)[0]).content.decode()


def test_pdf_is_tagged_and_without_links(client_de):
    s = seance()
    octets = client_de("coordonnateur").get(adresses(s.mandats[0].siege)[1]).content
    assert page.is_pdf_compliant_bytes(octets)
    lecteur = PdfReader(io.BytesIO(octets))
    assert "Dossier de siège" in lecteur.pages[0].extract_text()
    assert not [a for p in lecteur.pages for a in p.get("/Annots", [])]


def test_my_space_and_the_instance_lead_to_it(client_de, personne_de):
    siege = mien(personne_de("membre_comite"))
    autre = MandatFactory().siege
    client = client_de("membre_comite")
    for adresse in ("/espace/", siege.instance_gouvernance.get_absolute_url(), f"/sieges/{siege.pk}/"):
        texte = client.get(adresse).content.decode()
        assert adresses(siege)[0] in texte, adresse
        assert adresses(autre)[0] not in texte, adresse
    assert "Dossier de siège" not in client_de("agent").get("/espace/").content.decode()


def test_same_queries_whatever_it_lists(client_de):
    s = seance()
    client, couts = client_de("coordonnateur"), []
    for nb in (1, 2, 20):
        ResolutionFactory.create_batch(nb, instance_gouvernance=s.comite)
        RencontreFactory.create_batch(nb, instance_gouvernance=s.comite, date=JOUR)
        MandatFactory.create_batch(nb, siege__instance_gouvernance=s.comite)
        for _ in range(nb):
            DemandeFondsFactory(soumise=True, instance_gouvernance=s.comite, organisation=OrganisationFactory())
        couts.append(cout(client, adresses(s.mandats[0].siege)[0]))
    assert len(set(couts)) == 1


def test_words_are_those_of_the_glossary():
    glossaire = (settings.BASE_DIR / "docs" / "glossaire.md").read_text()
    assert 14 <= len(lexique()) <= 17
    assert [terme.mot for terme in lexique() if f"| {terme.mot} |" not in glossaire] == []
