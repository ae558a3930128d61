"""Who may open what: every address of the app by every role."""

import pytest
from django.urls import get_resolver, reverse

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
    RepresentationFactory,
)
from tests.factories.personas import PERSONAS, TOUS

pytestmark = pytest.mark.django_db

TOUT_LE_MONDE = frozenset(TOUS)
CONNECTES = frozenset(PERSONAS)
EQUIPE = frozenset({"agent", "coordonnateur"})
COORDINATION = frozenset({"coordonnateur"})

# name -> (method, who passes)
ADRESSES = {
    "partenaires": ("get", TOUT_LE_MONDE),
    "partenaires_export": ("get", TOUT_LE_MONDE),
    "adhesion": ("get", TOUT_LE_MONDE),
    "adhesion_merci": ("get", TOUT_LE_MONDE),
    "adhesion_papier": ("get", TOUT_LE_MONDE),
    "adhesion_confirmer": ("get", TOUT_LE_MONDE),
    "organisation_detail": ("get", TOUT_LE_MONDE),
    "mon_organisation": ("get", CONNECTES),
    "adhesions": ("get", EQUIPE),
    "adhesion_nouvelle": ("get", EQUIPE),
    "adhesion_detail": ("get", EQUIPE),
    "adhesion_accepter": ("post", COORDINATION),
    "adhesion_refuser": ("post", COORDINATION),
    "adhesion_terminer": ("post", COORDINATION),
    "adhesion_consentements": ("post", COORDINATION),
    "organisations": ("get", EQUIPE),
    "organisation_nouvelle": ("get", EQUIPE),
    "organisation_modifier": ("get", EQUIPE),
    "affiliation_nouvelle": ("get", EQUIPE),
    "affiliation_terminer": ("post", EQUIPE),
    "personne_nouvelle": ("get", EQUIPE),
    "personne_inviter": ("post", COORDINATION),
    "representations": ("get", COORDINATION),
    "representation_designer": ("get", COORDINATION),
    "representation_terminer": ("post", COORDINATION),
    "presences": ("get", EQUIPE),
    "adhesions_tacites": ("get", COORDINATION),
    "collaborations": ("get", EQUIPE),
    "collaboration_nouvelle": ("get", EQUIPE),
    "collaboration_modifier": ("get", EQUIPE),
    "collaboration_supprimer": ("post", EQUIPE),
}
DECISIONS = {"adhesion_accepter": "a_etudier", "adhesion_refuser": "a_etudier", "adhesion_terminer": "acceptee"}


def arguments(nom):
    """Make what the address is about, and return its arguments."""
    if nom == "adhesion_confirmer":
        return [AdhesionFactory().jeton]
    if nom == "partenaires_export":
        return ["csv"]
    if nom in DECISIONS:
        return [AdhesionFactory(**{DECISIONS[nom]: True}).pk]
    fabriques = {
        "adhesion_detail": lambda: AdhesionFactory(a_etudier=True),
        "adhesion_consentements": lambda: AdhesionFactory(acceptee=True),
        "organisation_detail": OrganisationFactory,
        "organisation_modifier": OrganisationFactory,
        "affiliation_nouvelle": OrganisationFactory,
        "affiliation_terminer": AffiliationFactory,
        "personne_inviter": lambda: PersonneFactory(courriel="quelquun@exemple.test"),
        "representations": lambda: InstanceGouvernanceFactory(comite=True),
        "representation_designer": SiegeFactory,
        "representation_terminer": RepresentationFactory,
        "presences": RencontreFactory,
        "adhesions_tacites": lambda: RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True)),
        "collaboration_modifier": CollaborationStructuranteFactory,
        "collaboration_supprimer": CollaborationStructuranteFactory,
    }
    return [fabriques[nom]().pk] if nom in fabriques else []


def test_every_address_is_in_the_table():
    espace = get_resolver().namespace_dict["partenaires"][1]
    assert {nom for nom in espace.reverse_dict if isinstance(nom, str)} == set(ADRESSES)


@pytest.mark.parametrize("role", TOUS)
@pytest.mark.parametrize("nom", ADRESSES)
def test_access(nom, role, client_de):
    DemarcheFactory()
    ExerciceFactory()
    methode, admis = ADRESSES[nom]
    reponse = getattr(client_de(role), methode)(reverse(f"partenaires:{nom}", args=arguments(nom)))
    if role in admis:
        assert reponse.status_code == (
            200 if methode == "get" or nom in DECISIONS or nom == "adhesion_consentements" else 302
        )
    elif role == "public":
        assert (reponse.status_code, reponse.url.split("?")[0]) == (302, reverse("account_login"))
    else:
        assert reponse.status_code == 403


@pytest.mark.parametrize("nom", [nom for nom, (methode, _) in ADRESSES.items() if methode == "post"])
def test_verbs_refuse_get(nom, client_de):
    assert client_de("coordonnateur").get(reverse(f"partenaires:{nom}", args=arguments(nom))).status_code == 405


@pytest.mark.parametrize("nom", ["partenaires", "adhesion_merci", "adhesions", "adhesion_detail", "collaborations"])
def test_readings_refuse_post(nom, client_de):
    assert client_de("coordonnateur").post(reverse(f"partenaires:{nom}", args=arguments(nom))).status_code == 405


@pytest.mark.parametrize("nom", [n for n in ADRESSES if n not in {"adhesion_confirmer", "partenaires_export"}])
def test_unknown_object_is_404(nom, client_de):
    if not arguments(nom) or nom == "collaboration_supprimer":  # removed already: the list answers
        return
    methode, _ = ADRESSES[nom]
    assert (
        getattr(client_de("coordonnateur"), methode)(reverse(f"partenaires:{nom}", args=[987654])).status_code == 404
    )


def test_agent_sees_an_adhesion_without_its_buttons(client_de):
    adhesion = AdhesionFactory(a_etudier=True)
    for role, voit in (("agent", False), ("coordonnateur", True)):
        page = client_de(role).get(adhesion.get_absolute_url()).content.decode()
        assert ("Accepter l’adhésion" in page) is voit
