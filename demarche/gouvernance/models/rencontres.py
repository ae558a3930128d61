"""The calendar of the instances; what happens at a meeting is told by the rooms above."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models.demarche import Exercice
from demarche.gouvernance.models.gouvernance import InstanceGouvernance
from demarche.socle.champs import DateField


class RencontreQuerySet(models.QuerySet["Rencontre"]):
    def de_l_exercice(self, exercice: Exercice) -> "RencontreQuerySet":
        return self.filter(date__range=(exercice.debut, exercice.fin))

    def publiques(self) -> "RencontreQuerySet":
        """Keep what the public agenda announces."""
        return self.filter(est_publique=True)

    def a_venir(self, jour: datetime.date) -> "RencontreQuerySet":
        """Keep the meetings of that day and after, the nearest first."""
        return self.filter(date__gte=jour).order_by("date", "heure", "pk")

    def passees(self, jour: datetime.date) -> "RencontreQuerySet":
        """Keep the meetings before that day, the last one first."""
        return self.filter(date__lt=jour)

    def maintenues(self) -> "RencontreQuerySet":
        """Leave out the meetings that were cancelled."""
        return self.filter(annulee_le__isnull=True)


class Rencontre(models.Model):
    """One meeting of an instance, held or planned."""

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, on_delete=models.PROTECT, related_name="rencontres", verbose_name="instance"
    )
    titre = models.CharField("titre", max_length=160)
    date = DateField("date")
    heure = models.TimeField("heure", null=True, blank=True)
    lieu = models.CharField("lieu", max_length=160, blank=True)
    notes = models.TextField("notes", blank=True)
    est_publique = models.BooleanField("annoncée à l’agenda public", default=False)
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True, editable=False)
    # What the convocation said: once the date, the place or the agenda is no longer that, it is sent again.
    empreinte_convocation = models.CharField("convoquée sur", max_length=32, blank=True, editable=False)
    ouverte_a = models.TimeField("ouverte à", null=True, blank=True)
    levee_a = models.TimeField("levée à", null=True, blank=True)
    presidence = models.CharField("présidence", max_length=120, blank=True)
    secretariat = models.CharField("secrétariat", max_length=120, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True, editable=False)
    motif_annulation = models.CharField("motif de l’annulation", max_length=250, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    if TYPE_CHECKING:  # its page stands in a room above: the setting ABSOLUTE_URL_OVERRIDES gives its address

        def get_absolute_url(self) -> str: ...

    history = HistoricalRecords()
    objects = RencontreQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre"
        verbose_name_plural = "rencontres"
        ordering = ("-date", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(annulee_le__isnull=True, motif_annulation="")
                | Q(annulee_le__isnull=False) & ~Q(motif_annulation=""),
                name="rencontre_annulee_motivee",
                violation_error_message="Une rencontre annulée dit pourquoi.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def debut(self) -> datetime.datetime:
        """Return the instant it begins: what was closed before belongs to it, what comes after to the next one."""
        heure = self.ouverte_a or self.heure or datetime.time(0)
        return timezone.make_aware(datetime.datetime.combine(self.date, heure))

    @property
    def est_annulee(self) -> bool:
        return self.annulee_le is not None
