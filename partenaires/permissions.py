"""Who may do what in the app `partenaires`; the button and the view ask the same predicate."""

from django.db.models import Q
from django.utils import timezone

from demarche.models import Utilisateur
from demarche.permissions import Visiteur, est_coordonnateur, est_equipe

from .enums import TRANSITIONS_ADHESION, CategoriePartenaire, VerbeAdhesion
from .models import Adhesion, Organisation, Personne


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


def organisations_de(visiteur: Visiteur) -> list[Organisation]:
    """Return the organisations this account belongs to today, in alphabetical order."""
    if not isinstance(visiteur, Utilisateur):
        return []
    jour = timezone.localdate()
    return list(
        Organisation.objects.filter(
            Q(affiliations__au__isnull=True) | Q(affiliations__au__gte=jour),
            affiliations__du__lte=jour,
            affiliations__personne__utilisateur=visiteur,
        ).distinct()
    )


def est_partenaire(visiteur: Visiteur) -> bool:
    """True for an account whose person, or whose organisation, has an adhesion that holds today."""
    if not isinstance(visiteur, Utilisateur):
        return False
    jour = timezone.localdate()
    en_vigueur = Adhesion.objects.en_vigueur(jour)
    if en_vigueur.filter(categorie=CategoriePartenaire.CITOYEN, personne__utilisateur=visiteur).exists():
        return True
    return en_vigueur.filter(organisation__in=organisations_de(visiteur)).exists()


def a_une_personne(visiteur: Visiteur) -> bool:
    """True for an account that is somebody known to the partners, outside the team."""
    return (
        isinstance(visiteur, Utilisateur)
        and not est_equipe(visiteur)
        and Personne.objects.filter(utilisateur=visiteur).exists()
    )
