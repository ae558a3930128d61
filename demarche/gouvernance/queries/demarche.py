"""The démarche, the exercice, what remains to set up."""

from django.urls import reverse
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.models import Demarche, Exercice, InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.protocoles import REGLES, EtapeInstallation


def la_demarche() -> Demarche | None:
    """Return the démarche of this installation; None before the first settings are saved."""
    return Demarche.objects.first()


def exercice_courant() -> Exercice | None:
    """Return the exercice that contains today, else the last one; None when there is none."""
    return Exercice.objects.contenant(timezone.localdate()).first() or Exercice.objects.first()


def exercice_choisi(code: str | None) -> Exercice | None:
    """Return the exercice asked for by its code (`?exercice=2023-2024`), else the current one."""
    return (Exercice.objects.filter(code=code).first() if code else None) or exercice_courant()


def etapes_installation(utilisateur: Utilisateur) -> list[EtapeInstallation]:
    """Return what a new installation needs, in order, each with whether it is done."""
    return [etape for regles in REGLES for etape in regles.etapes(utilisateur)]


def etapes_gouvernance() -> list[EtapeInstallation]:
    """Return the first steps: the démarche, its exercice, its instances, its people, its seats."""
    jour = timezone.localdate()
    return [
        EtapeInstallation(
            "Décrire la démarche",
            "Son nom, son territoire, sa mission : la page d’accueil et les documents en vivent.",
            reverse("gouvernance:demarche_modifier"),
            Demarche.objects.exists(),
        ),
        EtapeInstallation(
            "Ouvrir l’exercice",
            "Du 1er juillet au 30 juin, ou selon votre année.",
            reverse("gouvernance:exercice_liste"),
            Exercice.objects.contenant(jour).exists(),
        ),
        EtapeInstallation(
            "Nommer les instances",
            "L’assemblée, le comité de pilotage, la coordination : qui décide, et comment.",
            reverse("gouvernance:instance_liste"),
            InstanceGouvernance.objects.exists(),
        ),
        EtapeInstallation(
            "Inviter les personnes",
            "L’équipe, le fiduciaire, les membres du comité : chaque personne se connecte avec son courriel.",
            reverse("comptes:compte_liste"),
            RoleAttribue.objects.filter(role=Role.AGENT).exists() or Utilisateur.objects.count() > 1,
        ),
        EtapeInstallation(
            "Pourvoir les sièges",
            "Un siège vote une fois; sans titulaire, il reste vacant.",
            reverse("gouvernance:instance_liste"),
            Siege.objects.exists() and Mandat.objects.en_vigueur(jour).exists(),
        ),
    ]
