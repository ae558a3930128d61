"""Money planned, received and set aside."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from chantiers.actions.models import ActionCollective, Chantier
from chantiers.budget.enums import NatureLigne
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import DateField, MontantField

MESSAGE_GESTIONNAIRE = "Indiquez qui gère les fonds de ce bailleur."


class Enveloppe(models.Model):
    """One sum that can be granted: from a bailleur, or from the démarche's own surplus (R8)."""

    nom = models.CharField("nom", max_length=120, unique=True)
    bailleur = models.CharField("bailleur", max_length=160, blank=True)
    gestionnaire = models.CharField("qui gère les fonds", max_length=160)
    montant = MontantField("montant")
    du = DateField("du")
    au = DateField("au", null=True, blank=True)
    conditions = models.TextField("conditions", blank=True)
    usages = models.TextField("ce qu’elle peut financer", blank=True)
    chantier = models.ForeignKey(
        Chantier,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enveloppes",
        verbose_name="réservée au chantier",
        help_text="Vide : toutes les actions.",
    )
    # Granted and not released, plus what open ballots reserve; written by `services/engagements.py` alone (R8).
    montant_engage = MontantField("engagé", default=0, editable=False)
    est_surplus = models.BooleanField("provient du surplus", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "enveloppe"
        verbose_name_plural = "enveloppes"
        ordering = ("-du", "nom")
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="enveloppe_montant_positif",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(montant_engage__gte=0, montant_engage__lte=F("montant")),
                name="enveloppe_engage_au_plus_disponible",
                violation_error_message="Cette enveloppe n’a pas assez de disponible.",
            ),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=F("du")),
                name="enveloppe_periode",
                violation_error_message="La date de fin précède la date de début.",
            ),
            models.CheckConstraint(
                condition=Q(est_surplus=False) | Q(bailleur=""),
                name="enveloppe_surplus_sans_bailleur",
                violation_error_message="Le surplus est l’argent de la démarche : laissez le bailleur vide.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    if TYPE_CHECKING:  # its page stands in a room above: the setting ABSOLUTE_URL_OVERRIDES gives its address

        def get_absolute_url(self) -> str: ...


class LigneBudgetaire(models.Model):
    """One revenue or expense of an action, or of the démarche itself, in one exercice: planned, then real."""

    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="+", verbose_name="exercice")
    action_collective = models.ForeignKey(
        ActionCollective,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lignes_budgetaires",
        verbose_name="action collective",
        help_text="Vide : la ligne est celle de la démarche.",
    )
    nature = models.CharField("nature", max_length=10, choices=NatureLigne)
    libelle = models.CharField("libellé", max_length=160)
    bailleur = models.CharField("bailleur", max_length=160, blank=True)
    gestionnaire = models.CharField("qui gère les fonds", max_length=160, blank=True)
    montant_prevu = MontantField("prévu", default=0)
    montant_reel = MontantField("réel", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "ligne budgétaire"
        verbose_name_plural = "lignes budgétaires"
        ordering = ("exercice", "action_collective", "-nature", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(montant_prevu__gte=0) & (Q(montant_reel__isnull=True) | Q(montant_reel__gte=0)),
                name="ligne_montants_positifs",
                violation_error_message="Le montant ne peut pas être négatif.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle

    def clean(self) -> None:
        """Refuse money from a bailleur without its manager."""
        if self.bailleur and not self.gestionnaire:
            raise ValidationError({"gestionnaire": ValidationError(MESSAGE_GESTIONNAIRE, code="gestionnaire")})


class ResultatFinancier(models.Model):
    """The surplus or deficit of one exercice as the fiduciaire gives it (R9); negative means a deficit."""

    exercice = models.OneToOneField(
        Exercice, on_delete=models.PROTECT, related_name="resultat_financier", verbose_name="exercice"
    )
    montant = models.DecimalField("surplus (ou déficit)", max_digits=12, decimal_places=2)
    solde_ouverture = models.DecimalField(
        "solde d’ouverture",
        max_digits=12,
        decimal_places=2,
        default=0,
        help_text="Ce que la démarche avait de côté avant cet exercice; seulement pour le premier exercice inscrit.",
    )
    source = models.CharField("source", max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "résultat financier"
        verbose_name_plural = "résultats financiers"
        ordering = ("exercice__debut",)

    def __str__(self) -> str:
        return f"Résultat {self.exercice}"


class AffectationSurplus(models.Model):
    """One planned use of the sommes résiduelles, decided at the end of an exercice (R9)."""

    exercice = models.ForeignKey(
        Exercice, on_delete=models.PROTECT, related_name="affectations", verbose_name="bilan de l’exercice"
    )
    periode = models.CharField("période d’utilisation", max_length=60, help_text="Par exemple : 2024-2025.")
    libelle = models.CharField("utilisation", max_length=200)
    montant = MontantField("montant", null=True, blank=True)
    precision = models.TextField("précision", blank=True)
    enveloppe = models.ForeignKey(
        Enveloppe,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="affectations",
        verbose_name="enveloppe qui la porte",
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "affectation du surplus"
        verbose_name_plural = "affectations du surplus"
        ordering = ("exercice", "ordre", "pk")

    def __str__(self) -> str:
        return self.libelle

    def clean(self) -> None:
        """Refuse to have a planned use of the surplus carried by somebody else's money."""
        if self.enveloppe is not None and not self.enveloppe.est_surplus:
            raise ValidationError({"enveloppe": "Choisissez une enveloppe qui vient du surplus."})
