"""The seven people of the design, section 5: each made from the smallest rows that give them their rights."""

from collections.abc import Callable

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreSiege
from tests.factories.demarche import MandatFactory, UtilisateurFactory
from tests.factories.partenaires import AdhesionFactory, AffiliationFactory, PersonneFactory


def _partenaire() -> Utilisateur:
    personne = PersonneFactory(avec_compte=True, utilisateur__email="partenaire@exemple.test")
    affiliation = AffiliationFactory(personne=personne)
    AdhesionFactory(acceptee=True, organisation=affiliation.organisation, personne=personne)
    return personne.utilisateur


def _membre_comite() -> Utilisateur:
    return MandatFactory(utilisateur__email="membre@exemple.test").utilisateur


def _fiduciaire() -> Utilisateur:
    utilisateur = UtilisateurFactory(fiduciaire=True, email="fiduciaire@exemple.test")
    MandatFactory(utilisateur=utilisateur, siege__genre=GenreSiege.FIDUCIAIRE)
    return utilisateur


CREATEURS: dict[str, Callable[[], Utilisateur]] = {
    "partenaire": _partenaire,
    "membre_comite": _membre_comite,
    "fiduciaire": _fiduciaire,
    "agent": lambda: UtilisateurFactory(agent=True, email="agent@exemple.test"),
    "coordonnateur": lambda: UtilisateurFactory(coordonnateur=True, email="coordonnateur@exemple.test"),
    "administrateur": lambda: UtilisateurFactory(administrateur=True, email="administrateur@exemple.test"),
}
PERSONAS = tuple(CREATEURS)  # everyone who signs in
TOUS = ("public", *PERSONAS)
