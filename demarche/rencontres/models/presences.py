"""Who sat at a meeting."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Rencontre, Siege
from demarche.rencontres.enums import EtatPresence


class PresenceSiege(models.Model):
    """One seat at one meeting: present, excused or absent, and who held it that day (R3, R4)."""

    rencontre = models.ForeignKey(
        Rencontre, on_delete=models.CASCADE, related_name="presences_sieges", verbose_name="rencontre"
    )
    siege = models.ForeignKey(Siege, on_delete=models.PROTECT, related_name="+", verbose_name="siège")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="titulaire ce jour-là",
    )
    etat = models.CharField("présence", max_length=8, choices=EtatPresence)
    arrivee_a = models.TimeField("arrivée à", null=True, blank=True)
    depart_a = models.TimeField("départ à", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "présence d’un siège"
        verbose_name_plural = "présences des sièges"
        ordering = ("rencontre", "siege__numero")
        constraints = [
            models.UniqueConstraint(
                fields=["rencontre", "siege"],
                name="presence_siege_unique",
                violation_error_message="Ce siège est déjà noté à cette rencontre.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.siege} : {self.get_etat_display()}"
