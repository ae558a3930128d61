"""Fund requests and the dated rule that says who decides on them."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from chantiers.enums import LIBELLE_PUBLIC_DEMANDE, EtatDemande, GenreApport, InstanceDecision, SensMotif
from demarche.champs import DateField, MontantField
from demarche.models import Document, Exercice, InstanceGouvernance, PointOrdreDuJour, Resolution, Scrutin
from partenaires.models import Organisation

from .actions import ActionCollective
from .budget import Enveloppe, LigneBudgetaire


class RegleAllocation(models.Model):
    """The thresholds in force from a day on (R1)."""

    en_vigueur_du = DateField("en vigueur du", unique=True)
    seuil_comite = MontantField("la coordination décide sous")
    seuil_assemblee = MontantField("le comité décide jusqu’à, inclusivement")
    source = models.CharField("source", max_length=250)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "règle d’allocation"
        verbose_name_plural = "règles d’allocation"
        ordering = ("-en_vigueur_du",)
        constraints = [
            models.CheckConstraint(
                condition=Q(seuil_assemblee__gt=F("seuil_comite")),
                name="regle_seuils_croissants",
                violation_error_message="Le second seuil doit dépasser le premier.",
            )
        ]

    def __str__(self) -> str:
        return f"Seuils en vigueur du {self.en_vigueur_du}"

    def instance_pour(self, total: Decimal) -> InstanceDecision:
        """Return who decides on that total, in CAD: below the first threshold, up to the second included, above."""
        if total < self.seuil_comite:
            return InstanceDecision.COORDINATION
        if total <= self.seuil_assemblee:
            return InstanceDecision.COMITE_PILOTAGE
        return InstanceDecision.ASSEMBLEE


class DemandeFonds(models.Model):
    """One request for money for one action, from its draft to its decision."""

    action_collective = models.ForeignKey(
        ActionCollective, on_delete=models.PROTECT, related_name="demandes", verbose_name="action collective"
    )
    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="demandes", verbose_name="exercice")
    titre = models.CharField("titre", max_length=160)
    motif = models.TextField("motif", help_text="À quoi serviront les fonds, et pourquoi maintenant.")
    montant_demande = MontantField("montant demandé")
    demandeur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="demandes", verbose_name="demandée par"
    )
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="demandes",
        verbose_name="au nom de",
        help_text="Vide : au nom de la démarche.",
    )
    enveloppe = models.ForeignKey(
        Enveloppe, null=True, blank=True, on_delete=models.PROTECT, related_name="demandes", verbose_name="enveloppe"
    )
    ligne_budgetaire = models.ForeignKey(
        LigneBudgetaire,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="demandes",
        verbose_name="ligne du budget",
        help_text="La dépense prévue que cette demande paiera.",
    )
    etat = models.CharField("état", max_length=16, choices=EtatDemande, default=EtatDemande.BROUILLON)
    soumise_le = models.DateTimeField("soumise le", null=True, blank=True)
    # Frozen at submission: the rule, the total it was applied to, and the instance it names (R1).
    regle = models.ForeignKey(
        RegleAllocation, null=True, blank=True, on_delete=models.PROTECT, related_name="demandes", verbose_name="règle"
    )
    total_action = MontantField("total des fonds de l’action", null=True, blank=True)
    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="demandes",
        verbose_name="instance qui décide",
    )
    # Raised when the instance that should decide cannot (everybody stood aside, or would decide on their own request).
    instance_minimale = models.CharField("instance minimale", max_length=20, choices=InstanceDecision, blank=True)
    raison_instance = models.CharField("pourquoi cette instance", max_length=300, blank=True)
    resolution = models.OneToOneField(
        Resolution, null=True, blank=True, on_delete=models.PROTECT, related_name="demande", verbose_name="résolution"
    )
    montant_accorde = MontantField("montant accordé", null=True, blank=True)
    # What an open ballot reserves in the envelope; paid and released so far (R8).
    montant_reserve = MontantField("montant réservé", default=0, editable=False)
    montant_paye = MontantField("montant payé", default=0, editable=False)
    montant_libere = MontantField("montant libéré", default=0, editable=False)
    conditions = models.TextField("conditions", blank=True)
    motif_decision = models.TextField("motif de la décision", blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="décidée par",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "demande de fonds"
        verbose_name_plural = "demandes de fonds"
        ordering = ("-soumise_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(montant_demande__gt=0),
                name="demande_montant_positif",
                violation_error_message="Le montant demandé doit dépasser zéro.",
            ),
            models.CheckConstraint(
                condition=Q(montant_accorde__isnull=True)
                | Q(montant_accorde__gt=0, montant_accorde__lte=F("montant_demande")),
                name="demande_accorde_au_plus_demande",
                violation_error_message="Le montant accordé ne peut pas dépasser le montant demandé.",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat="accordee",
                    montant_accorde__isnull=False,
                    enveloppe__isnull=False,
                    resolution__isnull=False,
                    decidee_le__isnull=False,
                )
                | Q(etat="refusee", montant_accorde__isnull=True, decidee_le__isnull=False)
                | Q(
                    etat__in=["brouillon", "soumise", "precisions", "en_deliberation", "retiree", "expiree"],
                    montant_accorde__isnull=True,
                    decidee_le__isnull=True,
                ),
                name="demande_decision_complete",
                violation_error_message="Une décision porte son montant, son enveloppe, sa résolution et sa date.",
            ),
            models.CheckConstraint(
                condition=Q(montant_paye=0, montant_libere=0)
                | Q(
                    montant_accorde__isnull=False,
                    montant_paye__gte=0,
                    montant_libere__gte=0,
                    # SQLite adds in floating point, where 0.1 + 0.2 exceeds 0.3: compare in cents.
                    montant_accorde__gte=Round(F("montant_paye") + F("montant_libere"), 2),
                ),
                name="demande_paye_au_plus_accorde",
                violation_error_message="On ne paie pas plus que ce qui est accordé.",
            ),
            models.CheckConstraint(
                condition=Q(montant_reserve=0)
                | Q(etat="en_deliberation", montant_reserve__gt=0, montant_reserve__lte=F("montant_demande")),
                name="demande_reserve_en_deliberation",
                violation_error_message="Seul un scrutin ouvert réserve un montant, au plus celui de la demande.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "retiree"])
                | Q(
                    soumise_le__isnull=False,
                    regle__isnull=False,
                    total_action__isnull=False,
                    instance_gouvernance__isnull=False,
                ),
                name="demande_soumise_avec_regle",
                violation_error_message="Une demande soumise porte sa règle, son total et son instance.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("chantiers:demande_detail", args=[self.pk])

    @property
    def libelle_public(self) -> str:
        return LIBELLE_PUBLIC_DEMANDE[self.etat]

    @property
    def montant_a_payer(self) -> Decimal:
        """Return what is granted, not yet paid and not released; zero before a grant."""
        reste: Decimal = (self.montant_accorde or Decimal(0)) - self.montant_paye - self.montant_libere
        return reste

    @property
    def scrutin(self) -> Scrutin | None:
        """Return the last ballot held on this request, in one query; None before the first."""
        derniere = self.deliberations.select_related("scrutin__instance_gouvernance").order_by("pk").last()
        return derniere.scrutin if derniere else None


class Deliberation(models.Model):
    """One ballot held on one request; a ballot without quorum is followed by another."""

    demande = models.ForeignKey(
        DemandeFonds, on_delete=models.PROTECT, related_name="deliberations", verbose_name="demande"
    )
    scrutin = models.OneToOneField(
        Scrutin, on_delete=models.PROTECT, related_name="deliberation", verbose_name="scrutin"
    )
    # Frozen at opening: what the vote is about, maybe less than what is asked, maybe with conditions.
    montant = MontantField("montant soumis au vote")
    conditions = models.TextField("conditions", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "délibération"
        verbose_name_plural = "délibérations"
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return str(self.scrutin)


class PosteDemande(models.Model):
    """One line of what the money asked for would pay."""

    demande = models.ForeignKey(DemandeFonds, on_delete=models.CASCADE, related_name="postes", verbose_name="demande")
    libelle = models.CharField("poste", max_length=160)
    montant = MontantField("montant")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "poste de la demande"
        verbose_name_plural = "postes de la demande"
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return self.libelle


class PieceDemande(models.Model):
    """One file attached to a request."""

    demande = models.ForeignKey(DemandeFonds, on_delete=models.CASCADE, related_name="pieces", verbose_name="demande")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name="document")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return str(self.document)


class ApportDemande(models.Model):
    """One part of the cost that somebody else covers, in money or in kind."""

    demande = models.ForeignKey(DemandeFonds, on_delete=models.CASCADE, related_name="apports", verbose_name="demande")
    genre = models.CharField("genre", max_length=14, choices=GenreApport)
    source = models.CharField("qui l’apporte", max_length=160)
    montant = MontantField("montant ou valeur")
    est_confirme = models.BooleanField("confirmé", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "apport"
        verbose_name_plural = "apports"
        ordering = ("demande", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="apport_montant_positif",
                violation_error_message="Le montant doit dépasser zéro.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} : {self.source}"


class PrecisionDemande(models.Model):
    """One question the coordination asked about a request, and its answer; the request waits, and loses nothing."""

    demande = models.ForeignKey(
        DemandeFonds, on_delete=models.CASCADE, related_name="precisions", verbose_name="demande"
    )
    question = models.TextField("question")
    posee_le = models.DateTimeField("posée le", default=timezone.now)
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="posée par"
    )
    avant_le = DateField("réponse attendue avant la fin du")
    reponse = models.TextField("réponse", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "précision demandée"
        verbose_name_plural = "précisions demandées"
        ordering = ("demande", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(repondue_le__isnull=True, reponse="") | Q(repondue_le__isnull=False) & ~Q(reponse=""),
                name="precision_repondue_avec_texte",
                violation_error_message="Une réponse a un texte.",
            ),
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(repondue_le__isnull=True),
                name="precision_une_en_attente",
                violation_error_message="Une question attend déjà une réponse.",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]


class MotifType(models.Model):
    """One reason of the library that decisions are explained with; editable."""

    sens = models.CharField("pour", max_length=12, choices=SensMotif)
    texte = models.CharField("motif", max_length=300)
    est_actif = models.BooleanField("proposé", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "motif type"
        verbose_name_plural = "motifs types"
        ordering = ("sens", "ordre", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["sens", "texte"],
                name="motif_type_unique",
                violation_error_message="Ce motif est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.texte


class PointDemande(models.Model):
    """The request that one point of an agenda is about."""

    point = models.OneToOneField(
        PointOrdreDuJour, on_delete=models.CASCADE, related_name="demande_de_fonds", verbose_name="point"
    )
    demande = models.ForeignKey(DemandeFonds, on_delete=models.PROTECT, related_name="points", verbose_name="demande")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "demande à l’ordre du jour"
        verbose_name_plural = "demandes à l’ordre du jour"
        ordering = ("point",)

    def __str__(self) -> str:
        return f"{self.demande} : {self.point.rencontre}"
