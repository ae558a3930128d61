"""Who may do what in the room `partenaires`; the button and the view ask the same predicate."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_equipe
from partenaires.enums import TRANSITIONS_ADHESION, CategoriePartenaire, VerbeAdhesion
from partenaires.models import Adhesion, Organisation, Personne

T = TypeVar("T")


def peut_voir_adhesions(visiteur: Visiteur) -> bool:
    """True for the team; an agent sees, the coordination decides."""
    return est_equipe(visiteur)


def peut_decider_adhesion(visiteur: Visiteur) -> bool:
    return est_coordonnateur(visiteur)


def peut_gerer_organisations(visiteur: Visiteur) -> bool:
    """True for the team: organisations, people, presences, collaborations."""
    return est_equipe(visiteur)


def peut_gerer_representations(visiteur: Visiteur) -> bool:
    return est_coordonnateur(visiteur)


def peut_voir_tous_les_noms(visiteur: Visiteur) -> bool:
    """True for the team: the list of partners names every citizen, published or not."""
    return est_equipe(visiteur)


def actions_permises(visiteur: Visiteur, adhesion: Adhesion) -> frozenset[str]:
    """Return the verbs that this person may use on this adhesion as it stands."""
    if not peut_decider_adhesion(visiteur):
        return frozenset()
    decisions = (VerbeAdhesion.ACCEPTER, VerbeAdhesion.REFUSER, VerbeAdhesion.TERMINER)
    return frozenset(str(verbe) for verbe in decisions if (adhesion.etat, verbe) in TRANSITIONS_ADHESION)


def lire_une_fois(compte: Utilisateur, nom: str, lire: Callable[[], T]) -> T:
    """Return what `lire` reads, kept on the account for the rest of the request, like its roles."""
    cle = f"_lu_{nom}"
    if getattr(compte, cle, None) is None:
        setattr(compte, cle, lire())
    valeur: T = getattr(compte, cle)
    return valeur


def organisations_de(visiteur: Visiteur) -> list[Organisation]:
    """Return the organisations this account belongs to today, in alphabetical order; read once a request."""
    if not isinstance(visiteur, Utilisateur):
        return []
    jour = timezone.localdate()
    siennes = Organisation.objects.filter(
        Q(affiliations__au__isnull=True) | Q(affiliations__au__gte=jour),
        affiliations__du__lte=jour,
        affiliations__personne__utilisateur=visiteur,
    )
    return list(lire_une_fois(visiteur, "organisations", lambda: tuple(siennes.distinct())))


def est_partenaire(visiteur: Visiteur) -> bool:
    """True for an account whose person, or organisation, has an adhesion that holds today; read once a request."""
    if not isinstance(visiteur, Utilisateur):
        return False
    en_vigueur = Adhesion.objects.en_vigueur(timezone.localdate())
    citoyenne = Q(categorie=CategoriePartenaire.CITOYEN, personne__utilisateur=visiteur)
    sienne = citoyenne | Q(organisation__in=[organisation.pk for organisation in organisations_de(visiteur)])
    return lire_une_fois(visiteur, "est_partenaire", lambda: en_vigueur.filter(sienne).exists())


def a_une_personne(visiteur: Visiteur) -> bool:
    """True for an account, outside the team, that belongs to a known person."""
    return (
        isinstance(visiteur, Utilisateur)
        and not est_equipe(visiteur)
        and Personne.objects.filter(utilisateur=visiteur).exists()
    )
