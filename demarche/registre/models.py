"""The chained register: every decision event, in order, each line bound to the one before (R7)."""

import datetime
import json
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils import timezone

from demarche.registre.enums import GenreEvenement

PREMIERE_EMPREINTE = "0" * 64  # what the first line follows


def canonique(valeurs: dict[str, Any]) -> str:
    """Return the one JSON text of these values: keys sorted, no space, no number that is not whole."""
    return json.dumps(valeurs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class EvenementRegistre(models.Model):
    """One line of the chained register. The database refuses to change or delete it; no name is in it.

    `engagement` binds values that must not be read there (who, how, a text): the hash of a salt and of these values.
    The salt is in `SelRegistre`; without it, the chain still holds and nobody can guess.
    """

    numero = models.PositiveIntegerField("numéro", unique=True)
    genre = models.CharField("événement", max_length=20, choices=GenreEvenement)
    objet = models.CharField("objet", max_length=60, help_text="Par exemple : scrutin 12.")
    corps = models.TextField("contenu", help_text="JSON canonique.")
    engagement = models.CharField("engagement", max_length=64, blank=True)
    inscrit_le = models.DateTimeField("inscrit le", default=timezone.now)
    precedente = models.CharField("empreinte précédente", max_length=64)
    empreinte = models.CharField("empreinte", max_length=64, unique=True)

    class Meta:
        verbose_name = "événement du registre"
        verbose_name_plural = "événements du registre"
        ordering = ("numero",)
        indexes = [models.Index(fields=["objet", "genre"], name="evenement_objet")]

    def __str__(self) -> str:
        return f"{self.numero} {self.get_genre_display()} : {self.objet}"

    def calculer_empreinte(self) -> str:
        """Return the SHA-256 of the line, all its columns included, and so of all the lines before it."""
        valeurs = {
            "numero": self.numero,
            "genre": self.genre,
            "objet": self.objet,
            "corps": self.corps,
            "engagement": self.engagement,
            "inscrit_le": self.inscrit_le.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "precedente": self.precedente,
        }
        return sha256(canonique(valeurs).encode()).hexdigest()

    @property
    def valeurs(self) -> dict[str, Any]:
        """Return what the line says."""
        lues: dict[str, Any] = json.loads(self.corps)
        return lues


class SelRegistre(models.Model):
    """The salt of one commitment of the register; erased with the person, it leaves the chain whole (R13)."""

    evenement = models.OneToOneField(
        EvenementRegistre, on_delete=models.PROTECT, related_name="sel", verbose_name="événement"
    )
    sel = models.CharField("sel", max_length=64)

    class Meta:
        verbose_name = "sel du registre"
        verbose_name_plural = "sels du registre"

    def __str__(self) -> str:
        return f"Sel de {self.evenement}"


class TeteRegistre(models.Model):
    """Where the register stands; exactly one row, locked by every verb that writes a decision."""

    numero = models.PositiveIntegerField("dernière ligne", default=0)
    empreinte = models.CharField("empreinte", max_length=64, default=PREMIERE_EMPREINTE)

    class Meta:
        verbose_name = "tête du registre"
        verbose_name_plural = "têtes du registre"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1), name="tete_unique", violation_error_message="Il y a un seul registre."
            )
        ]

    def __str__(self) -> str:
        return f"{self.numero} {self.empreinte}"
