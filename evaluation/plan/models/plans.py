"""The strategic plan, its targets of each exercice and what was obtained."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from chantiers.actions.models import ActionCollective, Activite
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import DateField
from demarche.socle.models import Document
from evaluation.plan.comparaisons import Comparaison, comparer
from evaluation.plan.enums import STATUTS_AVEC_PREUVE, TON_STATUT, StatutCible, SuiteCible
from evaluation.plan.valeurs import ecrire_mesure


class PlanStrategique(models.Model):
    """One strategic plan, from a day to another."""

    titre = models.CharField("titre", max_length=160)
    debut = DateField("début")
    fin = DateField("fin")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan stratégique"
        verbose_name_plural = "plans stratégiques"
        ordering = ("-debut", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="plan_dates",
                violation_error_message="La fin doit suivre le début.",
            )
        ]

    def __str__(self) -> str:
        return self.titre


class Orientation(models.Model):
    """One broad direction of a plan, set by the assemblée: the first number of a strategy's code."""

    plan = models.ForeignKey(
        PlanStrategique, on_delete=models.CASCADE, related_name="orientations", verbose_name="plan"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField("titre", max_length=250)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "orientation"
        verbose_name_plural = "orientations"
        ordering = ("plan", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "numero"],
                name="orientation_numero_unique",
                violation_error_message="Ce numéro d’orientation est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.numero}. {self.titre}"


class Objectif(models.Model):
    """One objective of an orientation: the second number of a strategy's code."""

    orientation = models.ForeignKey(
        Orientation, on_delete=models.CASCADE, related_name="objectifs", verbose_name="orientation"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField("titre", max_length=250)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ("orientation", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["orientation", "numero"],
                name="objectif_numero_unique",
                violation_error_message="Ce numéro d’objectif est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.titre}"

    @property
    def code(self) -> str:
        return f"{self.orientation.numero}.{self.numero}"


class Strategie(models.Model):
    """One strategy of action of the plan, known by its code 1.2.3."""

    objectif = models.ForeignKey(
        Objectif, on_delete=models.CASCADE, related_name="strategies", verbose_name="objectif"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    enonce = models.TextField("énoncé")
    actions_collectives = models.ManyToManyField(
        ActionCollective,
        through="plan.Contribution",
        related_name="strategies",
        verbose_name="actions collectives",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "stratégie"
        verbose_name_plural = "stratégies"
        ordering = ("objectif__orientation__numero", "objectif__numero", "numero", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["objectif", "numero"],
                name="strategie_numero_unique",
                violation_error_message="Ce numéro de stratégie est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.enonce}"

    def get_absolute_url(self) -> str:
        return reverse("plan:strategie_detail", args=[self.pk])

    @property
    def code(self) -> str:
        return f"{self.objectif.code}.{self.numero}"


class Contribution(models.Model):
    """One collective action that serves one strategy."""

    strategie = models.ForeignKey(
        Strategie, on_delete=models.CASCADE, related_name="contributions", verbose_name="stratégie"
    )
    action_collective = models.ForeignKey(
        ActionCollective, on_delete=models.CASCADE, related_name="contributions", verbose_name="action collective"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "contribution"
        verbose_name_plural = "contributions"
        ordering = ("strategie", "action_collective")
        constraints = [
            models.UniqueConstraint(
                fields=["strategie", "action_collective"],
                name="contribution_unique",
                violation_error_message="Cette action sert déjà cette stratégie.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action_collective} → {self.strategie_id}"


class Cible(models.Model):
    """One target of one strategy in one exercice; it carries the status (R14)."""

    strategie = models.ForeignKey(Strategie, on_delete=models.CASCADE, related_name="cibles", verbose_name="stratégie")
    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="cibles", verbose_name="exercice")
    numero = models.PositiveSmallIntegerField("numéro")
    enonce = models.TextField("cible")
    valeur_visee = models.DecimalField("nombre visé", max_digits=12, decimal_places=2, null=True, blank=True)
    unite = models.CharField("unité", max_length=60, blank=True, help_text="Par exemple : adhésions formelles.")
    statut = models.CharField("statut", max_length=16, choices=StatutCible, default=StatutCible.EN_COURS)
    suite = models.CharField("suite", max_length=12, choices=SuiteCible, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "cible"
        verbose_name_plural = "cibles"
        ordering = ("strategie", "exercice", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["strategie", "exercice", "numero"],
                name="cible_numero_unique",
                violation_error_message="Ce numéro de cible est déjà pris pour cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(valeur_visee__isnull=True) | ~Q(unite=""),
                name="cible_unite",
                violation_error_message="Un nombre visé a besoin de son unité, par exemple : adhésions formelles.",
            ),
        ]

    def __str__(self) -> str:
        return self.enonce

    def get_absolute_url(self) -> str:
        return reverse("plan:cible_detail", args=[self.pk])

    # The properties that follow read `resultats.all()`: a list of targets is read with its results prefetched.

    @property
    def comparaison(self) -> Comparaison:
        """What the results say of the number aimed at (R14)."""
        return comparer(self.valeur_visee, self.unite, self.resultats.all())

    @property
    def est_a_statuer(self) -> bool:
        return self.statut == StatutCible.EN_COURS

    @property
    def est_sans_preuve(self) -> bool:
        """True when evidence is expected (R14) and there is none."""
        return (self.est_a_statuer or self.statut in STATUTS_AVEC_PREUVE) and not self.resultats.all()

    @property
    def ton(self) -> str:
        return TON_STATUT[self.statut]

    @property
    def visee_ecrite(self) -> str:
        return ecrire_mesure(self.valeur_visee, self.unite)


class Resultat(models.Model):
    """One piece of evidence of what a cible obtained: a sentence, and maybe a figure, a document, an activity."""

    cible = models.ForeignKey(Cible, on_delete=models.CASCADE, related_name="resultats", verbose_name="cible")
    texte = models.TextField("résultat")
    date = DateField("date", null=True, blank=True)
    valeur = models.DecimalField("nombre obtenu", max_digits=12, decimal_places=2, null=True, blank=True)
    unite = models.CharField("unité", max_length=60, blank=True)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="document"
    )
    activite = models.ForeignKey(
        Activite, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="activité"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "résultat"
        verbose_name_plural = "résultats"
        ordering = ("cible", "date", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(valeur__isnull=True) | ~Q(unite=""),
                name="resultat_unite",
                violation_error_message="Un nombre obtenu a besoin de son unité, par exemple : adhésions formelles.",
            )
        ]

    def __str__(self) -> str:
        return self.texte

    @property
    def valeur_ecrite(self) -> str:
        return ecrire_mesure(self.valeur, self.unite)
