"""Effects: the résultats transitoires and where they were seen (R15)."""

from itertools import groupby

from django.db import models
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Exercice
from evaluation.plan.enums import NatureEffet
from evaluation.plan.models.plans import Strategie


class DomaineAction(models.Model):
    """One of the three domains of action of the tool on intersectoral effects; editable reference data."""

    numero = models.PositiveSmallIntegerField("numéro", unique=True)
    nom = models.CharField("nom", max_length=160)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "domaine d’action"
        verbose_name_plural = "domaines d’action"
        ordering = ("numero",)

    def __str__(self) -> str:
        return self.nom


class ResultatTransitoire(models.Model):
    """One of the twelve types of observable step towards a change; editable reference data."""

    domaine = models.ForeignKey(
        DomaineAction, on_delete=models.PROTECT, related_name="resultats_transitoires", verbose_name="domaine d’action"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    nom = models.CharField("nom", max_length=160, unique=True)
    definition = models.TextField("définition")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "résultat transitoire"
        verbose_name_plural = "résultats transitoires"
        ordering = ("domaine__numero", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["domaine", "numero"],
                name="resultat_transitoire_numero_unique",
                violation_error_message="Ce numéro est déjà pris dans ce domaine.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class EffetConstate(models.Model):
    """What a strategy changed in an exercice: some résultats transitoires, or why none is named."""

    strategie = models.ForeignKey(Strategie, on_delete=models.CASCADE, related_name="effets", verbose_name="stratégie")
    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="+", verbose_name="exercice")
    nature = models.CharField("nature", max_length=20, choices=NatureEffet)
    resultats_transitoires = models.ManyToManyField(
        ResultatTransitoire, blank=True, related_name="+", verbose_name="résultats transitoires"
    )
    precision = models.CharField("précision", max_length=200, blank=True)

    history = HistoricalRecords(m2m_fields=["resultats_transitoires"])

    class Meta:
        verbose_name = "effet constaté"
        verbose_name_plural = "effets constatés"
        ordering = ("strategie", "exercice")
        constraints = [
            models.UniqueConstraint(
                fields=["strategie", "exercice"],
                name="effet_un_par_exercice",
                violation_error_message="Les effets de cette stratégie sont déjà notés pour cet exercice.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({self.exercice})"

    @property
    def domaines(self) -> list[tuple[DomaineAction, list[ResultatTransitoire]]]:
        """The résultats transitoires chosen, by domaine d’action, in order; prefetch them with their domaine."""
        choisis = sorted(self.resultats_transitoires.all(), key=lambda r: (r.domaine.numero, r.numero))
        return [(domaine, list(lot)) for domaine, lot in groupby(choisis, key=lambda r: r.domaine)]
