"""Fund requests, from the draft to the decision."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.urls import reverse
from simple_history.models import HistoricalRecords

from chantiers.actions.models import ActionCollective
from chantiers.budget.models import Enveloppe, LigneBudgetaire
from chantiers.demandes.enums import LIBELLE_PUBLIC_DEMANDE, EtatDemande, InstanceDecision
from chantiers.demandes.models.regles_allocation import RegleAllocation
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Resolution
from demarche.scrutins.models import Scrutin
from demarche.socle.champs import MontantField
from partenaires.models import Organisation

if TYPE_CHECKING:
    from chantiers.demandes.models.precisions import PrecisionDemande


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
        help_text="Vide : au nom de la démarche, ou de la personne elle-même.",
    )
    # Without organisation: a citizen asks for herself, not the démarche.
    est_personnelle = models.BooleanField("en son propre nom", default=False, editable=False)
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
    # Raised when the instance that should decide cannot (too many récusations, or its own request).
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
    # What the decision left, as it stood then: in the envelope, and of the sommes résiduelles if it is of the surplus.
    reste_enveloppe = models.DecimalField(
        "il restait dans l’enveloppe", max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    reste_surplus = models.DecimalField(
        "il restait des sommes résiduelles", max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
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
    # The last reason the team gave for changing or withdrawing it; the history keeps the earlier ones.
    mot_de_l_equipe = models.TextField("mot de l’équipe", blank=True, editable=False)
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
                condition=Q(est_personnelle=False) | Q(organisation__isnull=True),
                name="demande_personnelle_sans_organisation",
                violation_error_message="On demande en son propre nom, ou au nom d’une organisation.",
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
        return reverse("demandes:demande_detail", args=[self.pk])

    @property
    def libelle_public(self) -> str:
        return LIBELLE_PUBLIC_DEMANDE[self.etat]

    @property
    def au_nom_de(self) -> str:
        """Return the demandeur’s name as anybody may read it: a citizen is not named without consent (R13)."""
        if self.organisation is not None:
            return str(self.organisation.nom)
        return "Une personne citoyenne" if self.est_personnelle else "La démarche"

    @property
    def montant_compte(self) -> Decimal:
        """Return what counts in the total of the action (R1): granted less released, else asked."""
        accorde: Decimal | None = self.montant_accorde
        compte: Decimal = self.montant_demande if accorde is None else accorde - self.montant_libere
        return compte

    @property
    def montant_a_payer(self) -> Decimal:
        """Return what is granted, not yet paid and not released; zero before a grant."""
        reste: Decimal = (self.montant_accorde or Decimal(0)) - self.montant_paye - self.montant_libere
        return reste

    @property
    def question_sans_reponse(self) -> "PrecisionDemande | None":
        question: PrecisionDemande | None = self.precisions.sans_reponse().first()
        return question

    @property
    def scrutin(self) -> Scrutin | None:
        """Return the last ballot held on this request, in one query; None before the first."""
        derniere = self.deliberations.select_related("scrutin__instance_gouvernance").order_by("pk").last()
        return derniere.scrutin if derniere else None
