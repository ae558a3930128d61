"""Roles of the accounts, with their groups."""

from django.db import models


class Role(models.TextChoices):
    """What an account may do beside its mandates and its adhesion (design, section 5)."""

    AGENT = "agent", "Agente ou agent"
    COORDONNATEUR = "coordonnateur", "Coordination"
    FIDUCIAIRE = "fiduciaire", "Fiduciaire"
    ADMINISTRATEUR = "administrateur", "Administration technique"


EQUIPE = frozenset({Role.AGENT, Role.COORDONNATEUR})
