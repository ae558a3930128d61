"""Adhesions to the démarche and the consents given with them (R11, R12)."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Exercice, Rencontre
from demarche.socle.champs import DateField
from demarche.socle.models.periodes import PeriodeQuerySet
from partenaires.enums import TONS_ADHESION, CategoriePartenaire, EtatAdhesion, FinaliteConsentement, ModeAdhesion
from partenaires.models.organisations import Organisation, Personne

# Ours: no reference document gives these two delays.
DELAI_REPONSE = datetime.timedelta(days=14)
DELAI_CONFIRMATION = datetime.timedelta(days=30)


class AdhesionQuerySet(PeriodeQuerySet):
    def a_etudier(self) -> "AdhesionQuerySet":
        """Keep what waits for the coordination, the longest wait first."""
        return self.filter(etat=EtatAdhesion.A_ETUDIER).order_by("confirmee_le", "pk")

    def finissant_apres(self, jour: datetime.date) -> "AdhesionQuerySet":
        """Keep the adhesions given one day that still hold on that day or later."""
        return self.filter(Q(au__isnull=True) | Q(au__gte=jour), du__isnull=False)

    def commencees_dans(self, exercice: Exercice) -> "AdhesionQuerySet":
        """Keep the adhesions whose first day is in the exercice, ended since or not."""
        return self.filter(du__range=(exercice.debut, exercice.fin))


class Adhesion(models.Model):
    """One request to be a partner, from the form to the day it ends; or the tacit adhesion of someone present.

    A partner *on a day* is an adhesion accepted or ended whose period `du`–`au` contains that day.
    What the person typed stays here until the team accepts; accepting makes or finds the organisation and the person.
    """

    mode = models.CharField("mode", max_length=10, choices=ModeAdhesion)
    etat = models.CharField("état", max_length=12, choices=EtatAdhesion, default=EtatAdhesion.A_CONFIRMER)
    categorie = models.CharField("catégorie", max_length=20, choices=CategoriePartenaire)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="adhesions",
        verbose_name="organisation",
    )
    personne = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.SET_NULL, related_name="adhesions", verbose_name="personne"
    )
    nom_organisation = models.CharField("nom de l’organisation", max_length=160, blank=True)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    oeuvre_sur_territoire = models.BooleanField("œuvre sur le territoire, en tout ou en partie", default=False)
    adhere_mission = models.BooleanField("adhère à la mission", default=False)
    texte_mission = models.TextField("mission telle qu’elle était écrite", blank=True)
    commentaire = models.TextField("commentaire", blank=True)
    jeton = models.UUIDField("jeton de confirmation", default=uuid.uuid4, unique=True, editable=False)
    soumise_le = models.DateTimeField("soumise le", default=timezone.now)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="traitée par",
    )
    motif = models.TextField("motif de la décision", blank=True)
    rencontre = models.ForeignKey(
        Rencontre,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="assemblée (adhésion tacite)",
    )
    du = DateField("partenaire du", null=True, blank=True)
    au = DateField("partenaire au", null=True, blank=True)

    history = HistoricalRecords(
        excluded_fields=["prenom", "nom", "fonction", "courriel", "telephone", "commentaire", "jeton"]
    )
    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        verbose_name_plural = "adhésions"
        ordering = ("-soumise_le", "-pk")
        indexes = [models.Index(fields=["etat", "confirmee_le"], name="adhesion_a_etudier")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["acceptee", "terminee"], du__isnull=False)
                | Q(etat__in=["a_confirmer", "a_etudier", "refusee"], du__isnull=True),
                name="adhesion_acceptee_avec_date",
                violation_error_message="Une adhésion acceptée porte une date de début.",
            ),
            models.CheckConstraint(
                condition=Q(etat="a_confirmer", confirmee_le__isnull=True, traitee_le__isnull=True)
                | Q(etat="a_etudier", confirmee_le__isnull=False, traitee_le__isnull=True)
                | Q(etat__in=["acceptee", "refusee", "terminee"], traitee_le__isnull=False),
                name="adhesion_etat_et_instants",
                violation_error_message="L’état de l’adhésion et ses dates ne concordent pas.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["acceptee", "terminee"])
                | Q(categorie="citoyen")
                | Q(organisation__isnull=False),
                name="adhesion_acceptee_avec_organisation",
                violation_error_message="Une adhésion acceptée désigne son organisation.",
            ),
            models.CheckConstraint(
                condition=~Q(categorie="citoyen") | Q(organisation__isnull=True),
                name="adhesion_citoyenne_sans_organisation",
                violation_error_message="Une citoyenne ou un citoyen adhère en son nom, sans organisation.",
            ),
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=models.F("du")),
                name="adhesion_periode",
                violation_error_message="La date de fin précède la date de début.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="refusee") | ~Q(motif=""),
                name="adhesion_refusee_avec_motif",
                violation_error_message="Un refus porte un motif.",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(etat="acceptee", organisation__isnull=False),
                name="adhesion_organisation_une_en_vigueur",
                violation_error_message="Cette organisation est déjà partenaire.",
            ),
            models.UniqueConstraint(
                fields=["personne"],
                condition=Q(etat="acceptee", categorie="citoyen", personne__isnull=False),
                name="adhesion_citoyenne_une_en_vigueur",
                violation_error_message="Cette personne est déjà partenaire.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom_partenaire

    def get_absolute_url(self) -> str:
        return reverse("partenaires:adhesion_detail", args=[self.pk])

    @property
    def est_citoyenne(self) -> bool:
        return self.categorie == CategoriePartenaire.CITOYEN

    @property
    def ton(self) -> str:
        return TONS_ADHESION[self.etat]

    @property
    def nom_personne(self) -> str:
        return str(self.personne) if self.personne else f"{self.prenom} {self.nom}".strip()

    @property
    def nom_partenaire(self) -> str:
        if self.est_citoyenne:
            return self.nom_personne
        return str(self.organisation) if self.organisation else self.nom_organisation

    def ce_qui_manque(self) -> list[str]:
        """Return as sentences what is missing before the adhesion can be accepted; page and service use it."""
        manques = [
            (not self.oeuvre_sur_territoire, "Il n’est pas dit que ce partenaire œuvre sur le territoire."),
            (not self.adhere_mission, "L’adhésion à la mission n’est pas cochée."),
            (not self.est_citoyenne and not self.nom_organisation, "Le nom de l’organisation n’est pas écrit."),
            (not (self.prenom and self.nom), "Le nom de la personne n’est pas écrit."),
        ]
        return [phrase for manque, phrase in manques if manque]

    @property
    def reponse_promise_le(self) -> datetime.date | None:
        """The day by which the person was promised an answer; None before the e-mail is confirmed."""
        if self.confirmee_le is None:
            return None
        return timezone.localtime(self.confirmee_le).date() + DELAI_REPONSE

    def lien_est_expire(self, instant: datetime.datetime) -> bool:
        """True when the e-mailed link can no longer confirm."""
        return self.etat == EtatAdhesion.A_CONFIRMER and instant > self.soumise_le + DELAI_CONFIRMATION


class Consentement(models.Model):
    """One answer of one person to one purpose, with the text as it was shown (R13)."""

    adhesion = models.ForeignKey(
        Adhesion, on_delete=models.CASCADE, related_name="consentements", verbose_name="adhésion"
    )
    finalite = models.CharField("finalité", max_length=20, choices=FinaliteConsentement)
    texte = models.TextField("texte présenté")
    est_accorde = models.BooleanField("accordé")
    exprime_le = models.DateTimeField("exprimé le", default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "consentement"
        verbose_name_plural = "consentements"
        ordering = ("adhesion", "finalite")
        constraints = [
            models.UniqueConstraint(
                fields=["adhesion", "finalite"],
                name="consentement_un_par_finalite",
                violation_error_message="Cette finalité a déjà une réponse.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_finalite_display()} : {'oui' if self.est_accorde else 'non'}"
