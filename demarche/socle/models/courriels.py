"""The outbox: e-mails written in the transaction that causes them, sent after it."""

from django.db import models
from django.utils import timezone

from demarche.socle.enums import EtatCourriel


class Courriel(models.Model):
    """One e-mail to one address, waiting, sent or failed."""

    destinataire = models.EmailField("destinataire")
    sujet = models.CharField("sujet", max_length=200)
    texte = models.TextField("texte")
    etat = models.CharField("état", max_length=10, choices=EtatCourriel, default=EtatCourriel.A_ENVOYER)
    cree_le = models.DateTimeField("créé le", default=timezone.now)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    erreur = models.TextField("erreur", blank=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ("-cree_le", "-pk")
        indexes = [models.Index(fields=["etat", "cree_le"], name="courriel_a_envoyer")]

    def __str__(self) -> str:
        return f"{self.sujet} → {self.destinataire}"
