"""Choices of the budget."""

from django.db import models


class NatureLigne(models.TextChoices):
    REVENU = "revenu", "Revenu"
    DEPENSE = "depense", "Dépense"
