import uuid

import pytest
from django.urls import reverse

from demarche.comptes.protocoles import PAGES
from partenaires.extensions import attentes_des_partenaires
from partenaires.models import Affiliation, CollaborationStructurante, Organisation, Personne, Presence, Representation
from partenaires.services.participation import empreinte_presences
from partenaires.verifications import (
    adhesions_sans_reponse,
    assemblees_sans_presences,
    aucun_partenaire,
    citoyens_non_publies,
    noms_voisins,
    partenaires_sans_representant,
)
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    RencontreFactory,
    SiegeFactory,
)
from tests.factories.partenaires import (
    AdhesionFactory,
    AffiliationFactory,
    CollaborationStructuranteFactory,
    OrganisationFactory,
    PersonneFactory,
    PresenceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demarche():
    ExerciceFactory()
    return DemarcheFactory()


@pytest.fixture
def assemblee():
    return RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))


def organisation(**changements):
    champs = {"nom": "Patro", "sigle": "", "categorie": "organisme", "mission": "", "site_web": "", "autres_noms": ""}
    return {**champs, "jeton": str(uuid.uuid4()), "version": 0, "est_distincte": "", **changements}


def saisie_presences(rencontre, *lignes, initiales=0):
    donnees = {
        "empreinte": empreinte_presences(rencontre),
        "presences-TOTAL_FORMS": len(lignes),
        "presences-INITIAL_FORMS": initiales,
        "presences-MIN_NUM_FORMS": 0,
        "presences-MAX_NUM_FORMS": 300,
    }
    for rang, (qui, precision, nb) in enumerate(lignes):
        donnees |= {
            f"presences-{rang}-qui": qui,
            f"presences-{rang}-precision": precision,
            f"presences-{rang}-nb_personnes": nb,
        }
    return donnees


def test_organisation_double_click(client_de):
    client, donnees = client_de("agent"), organisation()
    assert (
        client.post("/organisations/nouvelle/", donnees).url
        == client.post("/organisations/nouvelle/", donnees).url
        == Organisation.objects.get().get_absolute_url()
    )


def test_near_name_is_questioned_once(client_de):
    OrganisationFactory(nom="Ludothèque de Charlesbourg")
    client = client_de("agent")
    page = client.post("/organisations/nouvelle/", organisation(nom="Ludotheque Charlesbourg")).content.decode()
    assert "Ce nom ressemble à" in page
    assert Organisation.objects.count() == 1
    client.post("/organisations/nouvelle/", organisation(nom="Ludotheque Charlesbourg", est_distincte="on"))
    assert Organisation.objects.count() == 2


def test_second_tab_is_told_and_keeps_its_text(client_de):
    patro = OrganisationFactory(nom="Patro")
    adresse = reverse("partenaires:organisation_modifier", args=[patro.pk])
    client = client_de("agent")
    assert client.post(adresse, organisation(version=1, sigle="UN")).status_code == 302
    page = client.post(adresse, organisation(version=1, sigle="DEUX")).content.decode()
    assert "Quelqu’un a modifié cette fiche" in page
    assert 'value="DEUX"' in page
    patro.refresh_from_db()
    assert patro.sigle == "UN"


def test_contact_is_added_once_then_invited_then_ended(client_de):
    patro = OrganisationFactory()
    client = client_de("coordonnateur")
    donnees = {
        "jeton": str(uuid.uuid4()),
        "prenom": "Ève",
        "nom": "Roy",
        "courriel": "eve@exemple.test",
        "telephone": "",
        "fonction": "Direction",
        "du": "2026-01-01",
    }
    adresse = reverse("partenaires:affiliation_creer", args=[patro.pk])
    assert client.post(adresse, donnees).url == client.post(adresse, donnees).url == patro.get_absolute_url()
    affiliation = Affiliation.objects.get()
    client.post(reverse("partenaires:personne_inviter", args=[affiliation.personne_id]))
    assert Personne.objects.get().utilisateur.email == "eve@exemple.test"
    client.post(reverse("partenaires:affiliation_terminer", args=[affiliation.pk]))
    affiliation.refresh_from_db()
    assert affiliation.au == JOUR


def test_presences_on_one_page(client_de, assemblee):
    patro, lise = OrganisationFactory(), PersonneFactory()
    client, adresse = client_de("agent"), reverse("partenaires:presence_modifier", args=[assemblee.pk])
    lignes = [(f"o{patro.pk}", "", 3), (f"p{lise.pk}", "", 1), ("", "Équipe", 2), ("", "", 1)]
    assert client.post(adresse, saisie_presences(assemblee, *lignes)).url == assemblee.get_absolute_url()
    assert sorted(Presence.objects.values_list("nb_personnes", flat=True)) == [1, 2, 3]
    page = client.get(adresse).content.decode()
    assert f'<option value="o{patro.pk}" selected>' in page
    # Saved again as shown, nothing is written.
    client.post(adresse, saisie_presences(assemblee, *lignes[:3], initiales=3))
    assert {p.history.count() for p in Presence.objects.all()} == {1}


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        (("", "", "4"), "Choisissez dans la liste, ou précisez à côté."),
        (("", "Équipe", "0"), "Au moins une personne."),
        (("", "Équipe", "-5"), "Au moins une personne."),
        (("", "Équipe", "1e9"), "Écrivez un nombre entier."),
        (("", "Équipe", ""), "Écrivez un nombre."),
    ],
)
def test_presence_refused_beside_its_field(ligne, phrase, client_de, assemblee):
    reponse = client_de("agent").post(
        reverse("partenaires:presence_modifier", args=[assemblee.pk]), saisie_presences(assemblee, ligne)
    )
    assert phrase in reponse.content.decode()
    assert Presence.objects.count() == 0


def test_person_named_counts_for_one(client_de, assemblee):
    lise = PersonneFactory()
    reponse = client_de("agent").post(
        reverse("partenaires:presence_modifier", args=[assemblee.pk]),
        saisie_presences(assemblee, (f"p{lise.pk}", "", 2)),
    )
    assert "Une personne nommée compte pour une." in reponse.content.decode()


def test_representative_noted_elsewhere_survives_the_form(client_de, assemblee):
    presence = PresenceFactory(rencontre=assemblee, personne=PersonneFactory())
    valeur = f"o{presence.organisation_id}p{presence.personne_id}"
    client, adresse = client_de("agent"), reverse("partenaires:presence_modifier", args=[assemblee.pk])
    assert f'<option value="{valeur}" selected>' in client.get(adresse).content.decode()
    client.post(adresse, saisie_presences(assemblee, (valeur, "", 1), initiales=1))
    assert Presence.objects.get() == presence


def test_tacit_adhesions_from_the_meeting(client_de, assemblee):
    presence = PresenceFactory(rencontre=assemblee)
    client = client_de("coordonnateur")
    fiche = client.get(assemblee.get_absolute_url()).content.decode()
    adresse = reverse("partenaires:adhesion_tacites", args=[assemblee.pk])
    assert adresse in fiche
    client.post(adresse, {"organisations": [presence.organisation_id]})
    assert str(presence.organisation) in client.get("/partenaires/?date=2026-01-14").content.decode()
    assert adresse not in client.get(assemblee.get_absolute_url()).content.decode()
    assert adresse not in client_de("agent").get(assemblee.get_absolute_url()).content.decode()


def test_collaborations_by_exercice(client_de):
    ancienne = ExerciceFactory(annee=2023)
    CollaborationStructuranteFactory(titre="Rendez-vous d’hier", debut=ancienne.debut)
    client = client_de("agent")
    donnees = {"titre": "Rendez-vous régional", "genre": "evenement", "debut": "2026-01-10", "fin": ""}
    donnees |= {"organisateur": "", "description": "", "version": 0, "jeton": str(uuid.uuid4())}
    for _ in range(2):
        client.post("/collaborations/nouvelle/", donnees)
    page = client.get("/collaborations/").content.decode()
    assert page.count('<h2 class="carte__titre">Rendez-vous régional') == 1
    assert "Rendez-vous d’hier" not in page
    assert "Rendez-vous d’hier" in client.get("/collaborations/?exercice=2023-2024").content.decode()
    nouvelle = CollaborationStructurante.objects.get(titre="Rendez-vous régional")
    for _ in range(2):
        assert client.post(reverse("partenaires:collaboration_supprimer", args=[nouvelle.pk])).status_code == 302
    assert not CollaborationStructurante.objects.filter(pk=nouvelle.pk).exists()


def test_seat_is_given_to_an_organisation(client_de):
    siege, patro = SiegeFactory(), OrganisationFactory()
    client = client_de("coordonnateur")
    client.post(
        reverse("partenaires:representation_designer", args=[siege.pk]), {"organisation": patro.pk, "du": "2026-01-14"}
    )
    assert Representation.objects.get().organisation == patro
    assert str(patro) in client.get(siege.instance_gouvernance.get_absolute_url()).content.decode()


def test_partner_finds_their_organisation(client_de, personne_de):
    patro = personne_de("partenaire").personne.affiliations.get().organisation
    client = client_de("partenaire")
    for adresse in ("/mon-organisation/", "/espace/"):
        assert str(patro) in client.get(adresse).content.decode()
    assert "/mon-organisation/" not in client_de("coordonnateur").get("/espace/").content.decode()


def test_what_waits(personne_de):
    adhesion = AdhesionFactory(a_etudier=True)
    AdhesionFactory()
    assemblee = InstanceGouvernanceFactory(assemblee=True)
    vide = RencontreFactory(instance_gouvernance=assemblee)
    PresenceFactory(rencontre=RencontreFactory(instance_gouvernance=assemblee))
    presences = reverse("partenaires:presence_modifier", args=[vide.pk])
    assert [a.url for a in attentes_des_partenaires(personne_de("coordonnateur"))] == [
        adhesion.get_absolute_url(),
        presences,
    ]
    assert [a.url for a in attentes_des_partenaires(personne_de("agent"))] == [presences]
    assert list(attentes_des_partenaires(personne_de("partenaire"))) == []


def test_registry_says_who_is_a_partner(personne_de):
    assert any(q.startswith("Partenaire\u00a0: ") for q in PAGES.qualites_de(personne_de("partenaire")))
    assert not any(q.startswith("Partenaire") for q in PAGES.qualites_de(personne_de("agent")))


def test_near_names_are_reported():
    OrganisationFactory(nom="Ludothèque de Charlesbourg")
    OrganisationFactory(nom="Ludotheque Charlesbourg")
    OrganisationFactory(nom="Maison Ouverte")
    OrganisationFactory(nom="Centre d’aide", sigle="CA")
    OrganisationFactory(nom="Autre", autres_noms="C.A.")
    assert len(list(noms_voisins(ExerciceFactory()))) == 2


def test_partner_without_representative_is_reported():
    muette = AdhesionFactory(acceptee=True)
    AffiliationFactory(organisation=AdhesionFactory(acceptee=True).organisation)
    AdhesionFactory(acceptee=True, personne=PersonneFactory())
    constats = list(partenaires_sans_representant(ExerciceFactory()))
    assert [c.url for c in constats] == [muette.organisation.get_absolute_url()]


def test_assemblee_without_presences_is_reported(assemblee):
    exercice = ExerciceFactory()
    assert len(list(assemblees_sans_presences(exercice))) == 1
    PresenceFactory(rencontre=assemblee)
    assert list(assemblees_sans_presences(exercice)) == []


def test_annex_is_reported_when_empty_or_when_it_hides_names():
    exercice = ExerciceFactory()
    assert len(list(aucun_partenaire(exercice))) == 1
    AdhesionFactory(acceptee=True, citoyenne=True)
    assert list(aucun_partenaire(exercice)) == []
    assert [c.phrase.split(" ")[0] for c in citoyens_non_publies(exercice)] == ["Une"]


def test_answer_missing_is_reported():
    AdhesionFactory(a_etudier=True)
    assert len(list(adhesions_sans_reponse(ExerciceFactory()))) == 1
    assert list(adhesions_sans_reponse(ExerciceFactory(annee=2023))) == []
