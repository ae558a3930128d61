"""Collective actions and the dated entries of their logbook."""

import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from chantiers.actions.enums import TONS_ETAT_ACTION, EtatAction, FiabiliteNombre, OrigineAction, TypeAction
from chantiers.actions.models.chantiers import Chantier
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Territoire
from demarche.socle.champs import DateField
from demarche.socle.models import Document
from partenaires.models import Organisation

HEURES_POSITIVES = [MinValueValidator(Decimal(0), "Un nombre d’heures ne peut pas être négatif.")]
MESSAGE_PONCTUELLE = (
    "Une action ponctuelle dure moins d’un an. Rapprochez les dates, ou choisissez « structurante » si l’action "
    "doit durer."
)


def dure_un_an(debut: datetime.date, fin: datetime.date) -> bool:
    """Return whether the period, both days included, lasts a year or more (R17)."""
    try:
        anniversaire = debut.replace(year=debut.year + 1)
    except ValueError:  # 29 February
        anniversaire = datetime.date(debut.year + 1, 3, 1)
    return fin + datetime.timedelta(days=1) >= anniversaire


class ActionCollectiveQuerySet(models.QuerySet["ActionCollective"]):
    def de_l_exercice(self, exercice: Exercice) -> "ActionCollectiveQuerySet":
        """Keep the actions whose dates touch the exercice."""
        return self.filter(Q(fin__isnull=True) | Q(fin__gte=exercice.debut), debut__lte=exercice.fin)

    def publiques(self) -> "ActionCollectiveQuerySet":
        """Keep what anybody may read without an account."""
        return self.filter(est_publique=True)


class ActionCollective(models.Model):
    """One thing done together: ponctuelle or structurante, from a chantier, a concertation or the comité (R2, R17)."""

    chantier = models.ForeignKey(
        Chantier, null=True, blank=True, on_delete=models.PROTECT, related_name="actions", verbose_name="chantier"
    )
    titre = models.CharField("titre", max_length=160)
    resume = models.TextField("résumé", help_text="Deux ou trois phrases, telles qu’on les lira dans le bilan.")
    type_action = models.CharField("type", max_length=20, choices=TypeAction)
    origine = models.CharField("proposée par", max_length=20, choices=OrigineAction)
    concertation = models.ForeignKey(
        InstanceGouvernance,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="concertation locale",
    )
    justification = models.TextField(
        "justification",
        blank=True,
        help_text="Pourquoi aucun chantier ni aucune concertation ne couvre ce domaine.",
    )
    porteur = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="actions_portees",
        verbose_name="organisation porteuse",
        help_text="Laissez vide si la démarche porte elle-même l’action.",
    )
    partenaires = models.ManyToManyField(
        Organisation, blank=True, related_name="actions_appuyees", verbose_name="partenaires"
    )
    territoire = models.ForeignKey(
        Territoire, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="territoire"
    )
    debut = DateField("début")
    fin = DateField("fin", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatAction, default=EtatAction.PREPARATION)
    est_publique = models.BooleanField("visible sans compte", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(m2m_fields=["partenaires"])
    objects = ActionCollectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "action collective"
        verbose_name_plural = "actions collectives"
        ordering = ("chantier__ordre", "debut", "titre", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="action_dates",
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                condition=Q(origine="chantier", chantier__isnull=False)
                | Q(origine="concertation", concertation__isnull=False)
                | (Q(origine="comite_pilotage") & ~Q(justification="")),
                name="action_origine",
                violation_error_message="Indiquez le chantier, la concertation, ou la justification du comité de "
                "pilotage selon l’origine de l’action.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("actions:action_detail", args=[self.pk])

    def clean(self) -> None:
        """Say beside its field what the origin lacks (R2); refuse a ponctuelle planned for a year or more (R17)."""
        if self.origine == OrigineAction.CHANTIER and self.chantier_id is None:
            raise ValidationError({"chantier": "Choisissez le chantier qui propose l’action."})
        if self.origine == OrigineAction.CONCERTATION and self.concertation_id is None:
            raise ValidationError({"concertation": "Choisissez la concertation locale qui propose l’action."})
        if self.origine == OrigineAction.COMITE_PILOTAGE and not self.justification.strip():
            raise ValidationError(
                {
                    "justification": "Écrivez pourquoi aucun chantier ni aucune concertation ne couvre ce domaine : "
                    "le comité de pilotage ne propose une action que dans ce cas."
                }
            )
        if self.type_action == TypeAction.PONCTUELLE and self.debut and self.fin and dure_un_an(self.debut, self.fin):
            raise ValidationError({"fin": ValidationError(MESSAGE_PONCTUELLE, code="ponctuelle")})

    @property
    def ton_etat(self) -> str:
        return TONS_ETAT_ACTION[self.etat]

    @property
    def phrase_origine(self) -> str:
        """Say in one sentence where the action comes from (R2)."""
        if self.origine == OrigineAction.CHANTIER:
            return f"Proposée par le chantier {self.chantier}."
        if self.origine == OrigineAction.CONCERTATION:
            return f"Proposée par une concertation locale : {self.concertation}."
        return (
            "Proposée par le comité de pilotage, parce qu’aucun chantier ni aucune concertation ne couvre ce domaine."
        )


class ActiviteQuerySet(models.QuerySet["Activite"]):
    def de_l_exercice(self, exercice: Exercice) -> "ActiviteQuerySet":
        """Keep what happened in the exercice, its first and last days included."""
        return self.filter(date__gte=exercice.debut, date__lte=exercice.fin)

    def publiques(self) -> "ActiviteQuerySet":
        """Keep the activities of the actions that anybody may read."""
        return self.filter(action_collective__est_publique=True)


class Activite(models.Model):
    """One dated entry of an action's logbook: what happened, how many people, how many hours."""

    action_collective = models.ForeignKey(
        ActionCollective, on_delete=models.CASCADE, related_name="activites", verbose_name="action collective"
    )
    date = DateField("date")
    titre = models.CharField("titre", max_length=160)
    nb_personnes = models.PositiveIntegerField("personnes rejointes", default=0)
    fiabilite = models.CharField(
        "ce nombre est", max_length=10, choices=FiabiliteNombre, default=FiabiliteNombre.COMPTE
    )
    nb_citoyens_responsables = models.PositiveIntegerField("citoyens qui ont organisé ou animé", default=0)
    nb_benevoles = models.PositiveIntegerField("bénévoles", default=0)
    heures_citoyennes = models.DecimalField(
        "heures citoyennes", max_digits=8, decimal_places=2, default=Decimal(0), validators=HEURES_POSITIVES
    )
    heures_partenaires = models.DecimalField(
        "heures de partenaires", max_digits=8, decimal_places=2, default=Decimal(0), validators=HEURES_POSITIVES
    )
    note = models.TextField("note", blank=True)
    photo = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="photo"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = ActiviteQuerySet.as_manager()

    class Meta:
        verbose_name = "activité"
        verbose_name_plural = "activités"
        ordering = ("date", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(heures_citoyennes__gte=0, heures_partenaires__gte=0),
                name="activite_heures_positives",
                violation_error_message="Un nombre d’heures ne peut pas être négatif.",
            )
        ]

    def __str__(self) -> str:
        return self.titre
