"""Taking part: seats held for an organisation, presences at meetings, lasting collaborations."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Exercice, Rencontre, Siege
from demarche.scrutins.models import Electeur
from demarche.socle.champs import DateField
from demarche.socle.models import Periode
from demarche.socle.models.periodes import fin_apres_debut
from partenaires.enums import GenreCollaboration
from partenaires.models.adhesions import Adhesion
from partenaires.models.organisations import Organisation, Personne


class Representation(Periode):
    """The organisation that a seat stands for, from a day to another."""

    siege = models.ForeignKey(Siege, on_delete=models.CASCADE, related_name="representations", verbose_name="siège")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="representations", verbose_name="organisation"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "représentation"
        verbose_name_plural = "représentations"
        ordering = ("siege", "-du")
        constraints = [fin_apres_debut("representation_periode")]

    def __str__(self) -> str:
        return f"{self.siege} : {self.organisation}"


class Presence(models.Model):
    """Who was at one meeting: a number of people for one organisation, one citizen, or people without either."""

    rencontre = models.ForeignKey(
        Rencontre, on_delete=models.CASCADE, related_name="presences", verbose_name="rencontre"
    )
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="presences",
        verbose_name="organisation",
    )
    personne = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.SET_NULL, related_name="presences", verbose_name="personne"
    )
    precision = models.CharField("précision", max_length=120, blank=True, help_text="Par exemple : équipe, citoyens.")
    nb_personnes = models.PositiveSmallIntegerField(
        "nombre de personnes", default=1, validators=[MinValueValidator(1, "Au moins une personne.")]
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = ("rencontre", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["rencontre", "organisation"],
                condition=Q(organisation__isnull=False, personne__isnull=True),
                name="presence_organisation_unique",
                violation_error_message="Cette organisation est déjà notée à cette rencontre.",
            ),
            models.UniqueConstraint(
                fields=["rencontre", "personne"],
                condition=Q(personne__isnull=False),
                name="presence_personne_unique",
                violation_error_message="Cette personne est déjà notée à cette rencontre.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.personne or self.precision)


class ElecteurPartenaire(models.Model):
    """The partner who votes as one elector of an assemblée's ballot: the adhesion that held at opening (R6)."""

    electeur = models.OneToOneField(
        Electeur, on_delete=models.CASCADE, related_name="partenaire", verbose_name="électeur"
    )
    adhesion = models.ForeignKey(Adhesion, on_delete=models.PROTECT, related_name="electeurs", verbose_name="adhésion")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "partenaire électeur"
        verbose_name_plural = "partenaires électeurs"
        ordering = ("electeur",)

    def __str__(self) -> str:
        return str(self.electeur)


class CollaborationQuerySet(models.QuerySet["CollaborationStructurante"]):
    def de_l_exercice(self, exercice: Exercice) -> "CollaborationQuerySet":
        """Keep the collaborations of which at least one day is in the exercice."""
        return self.filter(
            Q(fin__gte=exercice.debut) | Q(fin__isnull=True, debut__gte=exercice.debut), debut__lte=exercice.fin
        )


class CollaborationStructurante(models.Model):
    """One collaboration beyond the partners: a regional event, a community of practice, a local concertation."""

    titre = models.CharField("titre", max_length=160)
    genre = models.CharField("genre", max_length=24, choices=GenreCollaboration)
    debut = DateField("début")
    fin = DateField("fin", null=True, blank=True, help_text="Laissez vide si tout a eu lieu le même jour.")
    organisateur = models.CharField("organisée par", max_length=200, blank=True)
    description = models.TextField("description", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = "collaboration structurante"
        verbose_name_plural = "collaborations structurantes"
        ordering = ("debut", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="collaboration_dates",
                violation_error_message="La fin précède le début.",
            )
        ]

    def __str__(self) -> str:
        return self.titre
