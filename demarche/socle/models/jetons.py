"""One form shown, one record made: what a double click meets."""

from django.db import models
from django.utils import timezone


class JetonFormulaire(models.Model):
    """The token of one creation form already received, and where its first reception led."""

    jeton = models.UUIDField(primary_key=True)
    adresse = models.CharField(max_length=250)
    recu_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "jeton de formulaire"
        verbose_name_plural = "jetons de formulaire"
        ordering = ("-recu_le",)

    def __str__(self) -> str:
        return str(self.jeton)
