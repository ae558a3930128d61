"""Pages of governance: the tree and its drawing, the rule of an instance, seats, versions of the cadre."""

import datetime
import re

import pytest
from django.urls import reverse

from demarche.gouvernance.enums import ModeDecision, RegleQuorum
from demarche.gouvernance.models import CadreReference, InstanceGouvernance
from demarche.gouvernance.phrases_regle import PAR_DEFAUT
from tests.adresses import adresse_de
from tests.factories import JOUR
from tests.factories.demarche import (
    CadreReferenceFactory,
    DemarcheFactory,
    ElecteurFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    ResolutionFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
    VoteFactory,
)
from tests.factories.partenaires import RepresentationFactory
from tests.gouvernance.test_views_reglages import cout, envoyer, url

pytestmark = pytest.mark.django_db
ECRITURE = {
    "instance_regle",
    "cadre_creer",
    "cadre_modifier",
    "valeur_regler",
    "instance_liste",
    "siege_modifier",
    "siege_pourvoir",
    "mandat_terminer",
}
LECTURE = {
    "gouvernance",
    "siege_detail",
    "instance_detail",
    "cadre_detail",
    "instance_regle_apercu",
    "cadre_liste",
    "valeur_liste",
}


@pytest.fixture
def client(client_de):
    DemarcheFactory()
    return client_de("coordonnateur")


@pytest.fixture
def objets():
    mandat = MandatFactory(siege__instance_gouvernance=InstanceGouvernanceFactory(nom="Cercle"))
    return {
        "siege": mandat.siege.pk,
        "instance": mandat.siege.instance_gouvernance_id,
        "cadre": CadreReferenceFactory().pk,
        "mandat": mandat.pk,
        "valeur": "rappel_avant",
    }


def adresse(nom, objets):
    objet = nom.split("_")[0]
    sans = nom in {"gouvernance", "cadre_liste", "cadre_creer", "valeur_liste", "instance_liste"}
    return adresse_de(f"{nom}", args=[] if sans else [objets[objet]])


def test_wrong_method_is_refused(client, objets):
    for nom in LECTURE | ECRITURE:
        methode = client.post if nom in LECTURE else client.delete
        assert methode(adresse(nom, objets)).status_code == 405, nom


# The page of governance


def test_tree_says_role_mode_seats_and_vacancies(client):
    comite = InstanceGouvernanceFactory(comite=True, role="Garde le cap. Et le reste.")
    MandatFactory(siege__numero=1)
    SiegeFactory(numero=2, libelle="Siège ouvert")
    InstanceGouvernanceFactory(nom="Fermée", est_active=False)
    reponse = client.get(reverse("gouvernance:gouvernance"))
    page = reponse.content.decode()
    for texte in ("Garde le cap. Et le reste.", "Scrutin en ligne", "1 siège pourvu sur 2", "Siège ouvert"):
        assert texte in page
    assert "Fermée" not in page
    dessin = reponse.context["schema"].svg
    assert "Garde le cap" in dessin
    assert "Scrutin en ligne" in dessin
    assert "1\u00a0siège sur 2, 1\u00a0vacant" in dessin
    assert comite.get_absolute_url() in page


def test_page_without_instances_says_what_comes(client):
    assert "Aucune instance" in client.get(reverse("gouvernance:gouvernance")).content.decode()


def test_governance_and_its_neighbours_cost_the_same_for_many_rows(client):
    noms, couts = ("gouvernance", "valeur_liste", "cadre_liste"), {}
    for nb in (1, 2, 10):
        InstanceGouvernanceFactory.create_batch(nb)
        MandatFactory.create_batch(nb)
        SiegeFactory.create_batch(nb)
        CadreReferenceFactory.create_batch(nb)
        for nom in noms:
            couts.setdefault(nom, set()).add(cout(client, adresse_de(f"{nom}")))
    assert {nom: len(valeurs) for nom, valeurs in couts.items()} == dict.fromkeys(noms, 1)


def test_page_of_a_seat_and_of_a_version_cost_the_same_for_many_rows(client):
    siege, cadre, couts = SiegeFactory(), CadreReferenceFactory(), {"siege": set(), "cadre": set()}
    debut = datetime.date(2000, 1, 1)
    for nb in (1, 3, 10):
        for _ in range(nb):
            debut += datetime.timedelta(days=10)
            MandatFactory(siege=siege, du=debut, au=debut + datetime.timedelta(days=9))
            RepresentationFactory(siege=siege, du=debut, au=debut + datetime.timedelta(days=9))
            InstanceGouvernanceFactory(source_regle=f"{cadre}, page {nb}")
        couts["siege"].add(cout(client, siege.get_absolute_url()))
        couts["cadre"].add(cout(client, cadre.get_absolute_url()))
    assert {nom: len(valeurs) for nom, valeurs in couts.items()} == {"siege": 1, "cadre": 1}


# The rule


def test_rule_is_said_as_ours_until_it_has_a_source(client):
    comite = InstanceGouvernanceFactory(comite=True)
    assert "Valeurs par défaut" in client.get(comite.get_absolute_url()).content.decode()
    assert PAR_DEFAUT in client.get(reverse("gouvernance:valeur_liste")).content.decode()
    cadre = CadreReferenceFactory(version="juin 2024")
    envoyer(client, url("instance_regle", comite.pk), source_regle=f"{cadre}, page 4")
    page = client.get(comite.get_absolute_url()).content.decode()
    assert "Source : Cadre de référence, juin 2024, page 4" in page
    assert f'href="{cadre.get_absolute_url()}"' in page
    assert "Valeurs par défaut" not in page.split("<main")[1]


def test_each_value_of_ours_is_listed_with_its_label(client):
    page = client.get(reverse("gouvernance:valeur_liste")).content.decode()
    lignes = re.findall(r"(?s)<tr>.*?</tr>", page)
    for nom in (
        "Le rappel à qui n’a pas répondu",
        "Aucun rappel juste après l’ouverture",
        "fin d’un mandat",
        "siège vacant",
        "Délai proposé pour répondre",
        "Une question sans réponse",
    ):
        (ligne,) = [ligne for ligne in lignes if nom in ligne]
        assert PAR_DEFAUT in ligne, nom
    for nom in (
        "Qui répond s’est connecté",
        "ne tient qu’un siège",
        "La demande de la coordination",
        "Qui demande",
        "Le signe sur un porteur",
        "Réponse promise",
        "Qui vote à l’assemblée",
    ):
        (ligne,) = [ligne for ligne in lignes if nom in ligne]
        assert "Fixée" in ligne, nom


def test_rule_is_changed_from_its_page(client):
    comite = InstanceGouvernanceFactory(comite=True)
    MandatFactory.create_batch(3)
    envoyer(
        client,
        url("instance_regle", comite.pk),
        mode_decision="consultation",
        regle_quorum="nombre",
        quorum_nombre=2,
        delai_jours=10,
    )
    comite.refresh_from_db()
    assert (comite.mode_decision, comite.regle_quorum, comite.quorum_nombre) == (
        ModeDecision.CONSULTATION,
        RegleQuorum.NOMBRE,
        2,
    )
    page = client.get(comite.get_absolute_url()).content.decode()
    assert "au moins 2\u00a0voix, sur 3 aujourd’hui" in page


@pytest.mark.parametrize(
    ("champs", "fautif"),
    [
        ({"regle_quorum": "nombre"}, "quorum_nombre"),
        ({"regle_quorum": "nombre", "quorum_nombre": "0"}, "quorum_nombre"),
        ({"mode_decision": "une_personne"}, "mode_decision"),
        ({"delai_jours": "0"}, "delai_jours"),
    ],
)
def test_impossible_rule_is_refused_beside_its_field(client, champs, fautif):
    comite = InstanceGouvernanceFactory(comite=True)
    page = envoyer(client, url("instance_regle", comite.pk), **champs)
    assert set(page.context["form"].errors) == {fautif}
    assert InstanceGouvernance.objects.get().version == 1


def test_coordination_is_not_asked_what_it_does_not_count(client):
    coordination = InstanceGouvernanceFactory(coordination=True)
    champs = client.get(url("instance_regle", coordination.pk)).context["form"].fields
    assert set(champs) == {"mode_decision", "delai_jours", "source_regle", "version"}
    envoyer(client, url("instance_regle", coordination.pk), delai_jours=3)
    coordination.refresh_from_db()
    assert (coordination.delai_jours, coordination.mode_decision) == (3, ModeDecision.UNE_PERSONNE)


def test_open_ballot_is_said_on_the_form(client):
    scrutin = ScrutinFactory()
    page = client.get(url("instance_regle", scrutin.instance_gouvernance_id)).content.decode()
    assert "garde la règle de son ouverture" in page


def test_explanation_follows_what_is_typed_and_writes_nothing(client):
    comite = InstanceGouvernanceFactory(comite=True)
    MandatFactory.create_batch(5)
    apercu = client.get(url("instance_regle_apercu", comite.pk), {"regle_quorum": "tous", "delai_jours": "x"})
    page = apercu.content.decode()
    assert "tous les sièges pourvus et non récusés, soit 5 aujourd’hui" in page
    assert "ouvert 7\u00a0jours" in page
    comite.refresh_from_db()
    assert (comite.regle_quorum, comite.version) == (RegleQuorum.MAJORITE, 1)


# Seats and mandates


def test_seat_tells_its_holders(client):
    siege = SiegeFactory(libelle="Ville")
    hier = JOUR - datetime.timedelta(days=1)
    MandatFactory(siege=siege, au=hier, utilisateur__prenom="Olivier", utilisateur__nom="Roy")
    MandatFactory(siege=siege, du=JOUR, utilisateur__prenom="Léa", utilisateur__nom="Roy")
    ligne = client.get(siege.get_absolute_url()).context["ligne"]
    assert (str(ligne.titulaire.utilisateur), [str(m.utilisateur) for m in ligne.passes]) == (
        "Léa Roy",
        ["Olivier Roy"],
    )


def test_coordination_sees_vacancies_and_ends_in_its_space(client, client_de):
    SiegeFactory(libelle="Siège ouvert", numero=1)
    MandatFactory(siege__libelle="Ville", siege__numero=2, au=JOUR + datetime.timedelta(days=60))
    MandatFactory(siege__libelle="CIUSSS", siege__numero=3, au=JOUR + datetime.timedelta(days=61))
    attentes = client.get("/espace/").context["attentes"]
    vues = {(a.verbe, a.libelle) for a in attentes if a.verbe in {"À pourvoir", "Mandat à renouveler"}}
    assert vues == {("À pourvoir", "Siège ouvert"), ("Mandat à renouveler", "Ville")}
    assert "Siège vacant depuis le" in client.get("/espace/").content.decode()
    assert not [a for a in client_de("agent").get("/espace/").context["attentes"] if a.verbe == "À pourvoir"]


@pytest.mark.regle("R3")
@pytest.mark.parametrize("a_vote", [True, False])
def test_end_of_a_mandate_says_what_becomes_of_an_open_ballot(client, a_vote):
    electeur = ElecteurFactory()
    mandat = MandatFactory(siege=electeur.siege, utilisateur=electeur.utilisateur)
    if a_vote:
        VoteFactory(electeur=electeur)
    page = client.get(url("mandat_terminer", mandat.pk)).content.decode()
    assert electeur.scrutin.question in page
    assert ("son vote est donné, et il reste" in page) is a_vote
    assert "s’arrête tout de suite" in page


def test_end_of_a_mandate_without_ballot_says_nothing_more(client):
    page = client.get(url("mandat_terminer", MandatFactory().pk)).content.decode()
    assert "scrutin ouvert" not in page


# The cadre de référence


def test_version_in_force_on_a_day():
    ancien = CadreReferenceFactory(adopte_le=JOUR - datetime.timedelta(days=100))
    nouveau = CadreReferenceFactory(adopte_le=JOUR)
    en_vigueur = CadreReference.objects.en_vigueur
    assert en_vigueur(JOUR - datetime.timedelta(days=101)) is None
    assert en_vigueur(JOUR - datetime.timedelta(days=1)) == ancien
    assert en_vigueur(JOUR) == nouveau
    assert CadreReference.objects.suivant(ancien) == nouveau
    assert CadreReference.objects.suivant(nouveau) is None


def test_only_the_resolutions_of_the_assemblee_are_offered_and_taken(client):
    comite = ResolutionFactory()
    assemblee = ResolutionFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    cadre = CadreReferenceFactory()
    page = envoyer(client, url("cadre_modifier", cadre.pk), resolution=comite.pk)
    assert set(page.context["form"].errors) == {"resolution"}
    envoyer(client, url("cadre_modifier", cadre.pk), resolution=assemblee.pk, texte="Ce qu’il dit.")
    cadre.refresh_from_db()
    assert (cadre.resolution, cadre.texte) == (assemblee, "Ce qu’il dit.")
    page = client.get(cadre.get_absolute_url()).content.decode()
    assert assemblee.code in page
    assert "Résumé : vide → Ce qu’il dit." in page.replace("\u00a0", " ")


def test_second_tab_on_a_version_is_told_then_may_save(client):
    cadre = CadreReferenceFactory(texte="Avant")
    adresse = url("cadre_modifier", cadre.pk)
    champs = {
        n: c.value() or ""
        for n, c in (
            (n, client.get(adresse).context["form"][n])
            for n in ("version", "adopte_le", "texte", "definition_partenaire", "resolution", "empreinte")
        )
    }
    envoyer(client, adresse, texte="Pendant")
    refus = client.post(adresse, {**champs, "texte": "Après"})
    assert "a modifié cette fiche" in refus.content.decode()
    client.post(adresse, {**champs, "texte": "Après", "empreinte": refus.context["form"]["empreinte"].value()})
    cadre.refresh_from_db()
    assert (cadre.texte, cadre.history.count()) == ("Après", 3)


def test_version_cited_by_a_rule_is_told_to_those_who_see_instances(client, client_de):
    cadre = CadreReferenceFactory(version="juin 2024")
    InstanceGouvernanceFactory(nom="Cercle", source_regle=f"{cadre}, page 2")
    assert "Cercle" in client.get(cadre.get_absolute_url()).content.decode()
    assert "Cercle" not in client_de("partenaire").get(cadre.get_absolute_url()).content.decode()


def test_new_holder_is_named_from_the_seat(client):
    siege = SiegeFactory()
    envoyer(client, url("siege_pourvoir", siege.pk), utilisateur=UtilisateurFactory().pk)
    assert "En fonction" in client.get(siege.get_absolute_url()).content.decode()


def test_page_of_an_instance_lists_each_seat_once_with_its_organisation_and_file(client):
    representation = RepresentationFactory(siege__instance_gouvernance=InstanceGouvernanceFactory(comite=True))
    siege = representation.siege
    page = client.get(siege.instance_gouvernance.get_absolute_url()).content.decode().split("<main")[1]
    assert page.count(f'href="{siege.get_absolute_url()}"') == 1
    assert page.count(representation.organisation.nom) == 1
    assert reverse("rencontres:dossier_siege", args=[siege.pk]) in page
    assert page.index("Pourvoir") < page.index("Modifier<span")


def test_page_of_governance_says_once_what_is_by_default(client):
    InstanceGouvernanceFactory(comite=True)
    InstanceGouvernanceFactory(nom="Chantier jeunes", genre="comite_chantier", source_regle="Cadre 2024")
    page = client.get(reverse("gouvernance:gouvernance")).content.decode()
    assert "Pour 1 instance, la façon de décider est une valeur par défaut" in page
    assert page.count("à confirmer") == 1
    assert page.count("(par défaut)") == 1
