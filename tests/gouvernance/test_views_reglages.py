"""Settings in the browser."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import ModeDecision
from demarche.gouvernance.models import (
    CadreReference,
    Demarche,
    Exercice,
    InstanceGouvernance,
    Mandat,
    Siege,
    Territoire,
)
from demarche.gouvernance.phrases_regle import phrase_mode
from demarche.socle.models import Courriel
from tests.adresses import adresse_de
from tests.comptes.navigateur import cout, envoyer, saisie
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RoleAttribueFactory,
    SiegeFactory,
    TerritoireFactory,
    UtilisateurFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.base]


@pytest.fixture
def client(client_de):
    return client_de("coordonnateur")


def url(nom, *args):
    return adresse_de(f"{nom}", args=args)


def test_first_description_then_two_tabs(client):
    adresse = url("demarche_modifier")
    assert envoyer(client, adresse, nom="Les Érables", nom_territoire="Ici", mission="Agir").status_code == 302
    premier, second = saisie(client, adresse, nom="Premier"), saisie(client, adresse, nom="Second")
    assert client.post(adresse, premier).status_code == 302
    page = client.post(adresse, second)
    assert "Quelqu’un a modifié cette fiche" in page.content.decode()
    assert (Demarche.objects.get().nom, Demarche.objects.get().version) == ("Premier", 2)


def test_colour_is_checked(client):
    page = envoyer(client, url("demarche_modifier"), nom="x", nom_territoire="x", mission="x", couleur="red;}")
    assert page.context["form"].errors.keys() == {"couleur"}


def test_exercice_is_proposed_then_opened_once(client):
    form = client.get(url("exercice_liste")).context["form"]
    assert (form["debut"].value(), form["fin"].value()) == (datetime.date(2025, 7, 1), datetime.date(2026, 6, 30))
    envoyer(client, url("exercice_liste"), fois=2)
    assert Exercice.objects.get().code == "2025-2026"
    assert client.get(url("exercice_liste")).context["form"]["debut"].value() == datetime.date(2026, 7, 1)


def test_overlapping_exercice_is_refused_on_the_page(client):
    envoyer(client, url("exercice_liste"))
    page = envoyer(client, url("exercice_liste"), debut="2026-06-30", fin="2027-06-29")
    assert "recoupent l’exercice 2025-2026" in page.content.decode()


def test_places_make_a_tree(client):
    region = TerritoireFactory(nom="Région")
    envoyer(client, url("territoire_liste"), fois=2, nom="Arrondissement", genre="mrc", parent=region.pk)
    arrondissement = Territoire.objects.get(nom="Arrondissement")
    TerritoireFactory(nom="Autre région")
    lignes = client.get(url("territoire_liste")).context["lignes"]
    assert [(rang, lieu.nom) for rang, lieu in lignes] == [(0, "Autre région"), (0, "Région"), (1, "Arrondissement")]
    page = envoyer(client, url("territoire_modifier", region.pk), parent=arrondissement.pk)
    assert "ne peut pas faire partie de lui-même" in page.content.decode()
    page = envoyer(client, url("territoire_liste"), nom="Arrondissement", genre="mrc", parent=region.pk)
    assert "Ce territoire existe déjà." in page.content.decode()


def test_cadre_keeps_its_document(client, client_de):
    fichier = SimpleUploadedFile("cadre.pdf", b"%PDF-1.7\n%%EOF")
    donnees = saisie(client, url("cadre_creer"), version="juin 2024", adopte_le="8 mai 2024")
    for _ in range(2):
        fichier.seek(0)
        assert client.post(url("cadre_creer"), {**donnees, "fichier": fichier}).status_code == 302
    cadre = CadreReference.objects.get()
    assert client_de("partenaire").get(cadre.document.get_absolute_url()).status_code == 200
    assert client_de("public").get(cadre.document.get_absolute_url()).status_code == 302


def test_program_renamed_is_refused_beside_the_field(client):
    donnees = saisie(client, url("cadre_creer"), version="x", adopte_le="2024-05-08")
    page = client.post(url("cadre_creer"), {**donnees, "fichier": SimpleUploadedFile("cadre.pdf", b"MZ\x90\x00")})
    assert page.context["form"].errors.keys() == {"fichier"}
    assert not CadreReference.objects.exists()


def test_instance_is_added_then_changed(client):
    envoyer(client, url("instance_creer"), fois=2, nom="Cercle", genre="cercle", prefixe="ce")
    cercle = InstanceGouvernance.objects.get()
    assert cercle.prefixe == "CE"
    assert "à confirmer par votre cadre de référence" in client.get(url("instance_regle", cercle.pk)).content.decode()
    envoyer(client, url("instance_regle", cercle.pk), delai_jours=10)
    cercle.refresh_from_db()
    assert (cercle.delai_jours, cercle.version) == (10, 2)


@pytest.mark.parametrize(
    ("genre", "mode"),
    [
        ("assemblee", ModeDecision.MAIN_LEVEE),
        ("comite_pilotage", ModeDecision.EN_LIGNE),
        ("coordination", ModeDecision.UNE_PERSONNE),
        ("cercle", ModeDecision.MAIN_LEVEE),
    ],
)
def test_kind_of_an_instance_says_how_it_decides(client, genre, mode):
    envoyer(client, url("instance_creer"), nom="Cercle", genre="fiduciaire", prefixe="ce")
    instance = InstanceGouvernance.objects.get()
    page = envoyer(client, url("instance_modifier", instance.pk), genre=genre, mode_decision="une_personne")
    assert page.status_code == 302
    instance.refresh_from_db()
    assert instance.mode_decision == mode
    assert phrase_mode(mode, 7) in client.get(instance.get_absolute_url()).content.decode()
    assert "mode_decision" not in client.get(url("instance_modifier", instance.pk)).context["form"].fields


def test_second_of_two_tabs_is_told_then_may_save(client):
    instance = InstanceGouvernanceFactory(nom="Cercle")
    adresse = url("instance_modifier", instance.pk)
    onglet = saisie(client, adresse)
    envoyer(client, adresse, nom="Cercle des aînés")
    refus = client.post(adresse, {**onglet, "nom": "Cercle des jeunes"})
    assert "a modifié cette fiche" in refus.content.decode()
    instance.refresh_from_db()
    assert instance.nom == "Cercle des aînés"
    client.post(adresse, {**onglet, "nom": "Cercle des jeunes", "version": refus.context["form"]["version"].value()})
    instance.refresh_from_db()
    assert instance.nom == "Cercle des jeunes"


def test_delay_of_a_ballot_is_a_day_at_least(client):
    instance = InstanceGouvernanceFactory()
    assert "delai_jours" in envoyer(client, url("instance_regle", instance.pk), delai_jours=0).context["form"].errors
    assert envoyer(client, url("instance_regle", instance.pk), delai_jours=1).status_code == 302


def test_tree_of_instances_counts_filled_and_vacant_seats(client):
    comite = InstanceGouvernanceFactory(comite=True)
    InstanceGouvernanceFactory(parent=comite, nom="Cercle")
    MandatFactory(siege__numero=1)
    MandatFactory(siege__numero=2, au=JOUR - datetime.timedelta(days=1))
    SiegeFactory(numero=3)
    SiegeFactory(numero=4, est_actif=False)
    lignes = client.get(url("instance_liste")).context["lignes"]
    assert [(ligne.rang, ligne.nb_sieges, ligne.nb_pourvus, ligne.nb_vacants) for ligne in lignes] == [
        (0, 3, 1, 2),
        (1, 0, 0, 0),
    ]


def test_seat_is_added_filled_and_freed(client):
    comite = InstanceGouvernanceFactory(comite=True)
    envoyer(client, url("siege_creer", comite.pk), fois=2, genre="ville", libelle="Ville")
    siege = Siege.objects.get()
    assert (siege.numero, siege.est_actif) == (1, True)
    assert "Vacant" in client.get(comite.get_absolute_url()).content.decode()
    personne = UtilisateurFactory(prenom="Olivier", nom="Rhéaume")
    envoyer(client, url("siege_pourvoir", siege.pk), fois=2, utilisateur=personne.pk)
    mandat = Mandat.objects.get()
    assert "Olivier Rhéaume" in client.get(comite.get_absolute_url()).content.decode()
    page = envoyer(client, url("siege_pourvoir", siege.pk), utilisateur=UtilisateurFactory().pk)
    assert "Ce siège est tenu par Olivier Rhéaume" in page.content.decode()
    envoyer(client, url("mandat_terminer", mandat.pk), au="2026-01-13")
    assert "1 mandat passé" not in client.get(comite.get_absolute_url()).content.decode()
    mandat.refresh_from_db()
    assert mandat.au is None  # refused: it began today


def test_seat_number_is_taken_once(client):
    siege = SiegeFactory(numero=1)
    page = envoyer(client, url("siege_creer", siege.instance_gouvernance_id), numero=1, genre="ville", libelle="x")
    assert "Ce numéro de siège est déjà pris." in page.content.decode()


def test_invitation_goes_once(client):
    envoyer(client, url("compte_inviter"), fois=2, prenom="Léa", nom="Roy", email="Lea@exemple.test", roles=["agent"])
    compte = Utilisateur.objects.get(email="lea@exemple.test")
    assert compte.roles == {"agent"}
    assert Courriel.objects.filter(destinataire="lea@exemple.test").count() == 1
    page = envoyer(client, url("compte_inviter"), prenom="L", nom="R", email="LEA@exemple.test")
    assert page.context["form"].errors == {"email": ["Un compte existe déjà avec ce courriel."]}
    assert Courriel.objects.count() == 1


def test_role_is_given_and_ended(client):
    compte = UtilisateurFactory()
    donnees = {"role": "agent", "du": "2026-01-01", "jeton": "0f5fd6a5-42a5-4b7b-9a0a-8d5b6c0f3f10"}
    for _ in range(2):
        assert client.post(url("role_attribuer", compte.pk), donnees).url == compte.get_absolute_url()
    attribue = compte.roles_attribues.get()
    envoyer(client, url("role_terminer", attribue.pk), au="2026-01-13")
    assert Utilisateur.objects.get(pk=compte.pk).roles == frozenset()


def test_refused_role_is_said_on_the_page(client):
    compte = UtilisateurFactory(agent=True)
    donnees = {"role": "agent", "du": "2026-01-01", "jeton": "0f5fd6a5-42a5-4b7b-9a0a-8d5b6c0f3f10"}
    assert "Ce compte a déjà ce rôle" in client.post(url("role_attribuer", compte.pk), donnees).content.decode()


def test_coordination_does_not_lock_everyone_out(client, personne_de):
    moi = personne_de("coordonnateur")
    page = envoyer(client, url("role_terminer", moi.roles_attribues.get().pk))
    assert "seule à la coordination" in page.content.decode()
    reponse = client.post(url("compte_desactiver", moi.pk), follow=True)
    assert [str(m) for m in reponse.context["messages"]] == ["On ne désactive pas son propre compte."]
    assert Utilisateur.objects.get(pk=moi.pk).is_active


def test_closed_account_is_out_at_once(client, client_de, personne_de):
    parti = client_de("agent")
    assert parti.get("/espace/").status_code == 200
    client.post(url("compte_desactiver", personne_de("agent").pk))
    assert parti.get("/espace/").status_code == 302
    client.post(url("compte_reactiver", personne_de("agent").pk))
    assert Utilisateur.objects.get(pk=personne_de("agent").pk).is_active


def test_invitation_is_sent_again(client):
    compte = UtilisateurFactory()
    client.post(url("compte_reinviter", compte.pk))
    assert Courriel.objects.get().destinataire == compte.email


def test_accounts_are_found_by_name_address_and_state(client):
    UtilisateurFactory(prenom="Léa", nom="Roy", email="lea@exemple.test")
    UtilisateurFactory(prenom="Paul", nom="Roy", email="paul@exemple.test", is_active=False)

    def trouves(parametres):
        return [c.prenom for c, _ in client.get(url("compte_liste") + parametres).context["page"]]

    assert trouves("?q=roy") == ["Léa"]
    assert trouves("?q=roy+léa") == ["Léa"]
    assert trouves("?q=LEA@") == ["Léa"]
    assert trouves("?q=roy&etat=desactives") == ["Paul"]
    assert trouves("?q=roy&etat=tous") == ["Léa", "Paul"]
    assert "Aucun compte trouvé" in client.get(url("compte_liste") + "?q=zzz").content.decode()


@pytest.mark.parametrize(
    "nom", ["compte_liste", "instance_liste", "territoire_liste", "exercice_liste", "cadre_liste"]
)
def test_lists_cost_the_same_for_many_rows(nom, client):
    DemarcheFactory()
    couts = []
    for nb in (1, 2, 10):
        for _ in range(nb):
            RoleAttribueFactory()
            MandatFactory()
            TerritoireFactory()
            InstanceGouvernanceFactory()
        couts.append(cout(client, url(nom)))
    assert len(set(couts)) == 1


def test_instance_page_costs_the_same_for_many_seats(client):
    comite, couts = InstanceGouvernanceFactory(comite=True), []
    for nb in (1, 2, 10):
        MandatFactory.create_batch(nb)
        couts.append(cout(client, comite.get_absolute_url()))
    assert len(set(couts)) == 1
