"""What nature a budget line is."""

from django.db import models


class NatureLigne(models.TextChoices):
    REVENU = "revenu", "Revenu"
    DEPENSE = "depense", "Dépense"
