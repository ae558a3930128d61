"""Ballots: the question put to an instance, its electors, their votes and recusals (R3 to R6)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.decompte import Decompte
from demarche.gouvernance.enums import MODES_A_DISTANCE, Choix, Issue, ModeDecision
from demarche.gouvernance.models import InstanceGouvernance, RegleDecision, Rencontre, Resolution, Siege
from demarche.gouvernance.models.regles_decision import quorum_chiffre
from demarche.scrutins.enums import CanalVote, EtatScrutin


class ScrutinQuerySet(models.QuerySet["Scrutin"]):
    def ouverts(self) -> "ScrutinQuerySet":
        return self.filter(etat=EtatScrutin.OUVERT)

    def echus(self, instant: datetime.datetime) -> "ScrutinQuerySet":
        """Keep the open ballots whose deadline has passed."""
        return self.ouverts().filter(echeance__lte=instant)


class Scrutin(RegleDecision):
    """One question decided by an instance: a remote ballot, a count in a meeting; its rule is frozen at opening."""

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, on_delete=models.PROTECT, related_name="scrutins", verbose_name="instance"
    )
    mode = models.CharField("mode", max_length=20, choices=ModeDecision)
    question = models.CharField("question", max_length=250)
    texte = models.TextField("texte soumis au vote", help_text="Figé à l’ouverture.")
    etat = models.CharField("état", max_length=10, choices=EtatScrutin, default=EtatScrutin.OUVERT)
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    ouvert_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="ouvert par"
    )
    demandeur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="personne qui demande",
        help_text="Ne vote jamais à ce scrutin, même nommée à un siège après l’ouverture.",
    )
    echeance = models.DateTimeField("échéance", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    issue = models.CharField("issue", max_length=12, choices=Issue, blank=True)
    motif_annulation = models.CharField("motif de l’annulation", max_length=250, blank=True)
    inscrit_resolution = models.BooleanField(
        "inscrit lui-même sa résolution",
        default=False,
        help_text="Une question libre : aucune demande ne tire les conséquences du vote.",
    )
    corrige = models.ForeignKey(
        Resolution,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="corrige la résolution",
    )
    resolution = models.OneToOneField(
        Resolution,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scrutin",
        verbose_name="résolution inscrite",
    )
    rencontre = models.ForeignKey(
        Rencontre, null=True, blank=True, on_delete=models.PROTECT, related_name="scrutins", verbose_name="rencontre"
    )
    sieges_vacants = models.JSONField(
        "sièges vacants", default=list, blank=True, editable=False, help_text="Leurs libellés, figés à l’ouverture."
    )
    # Counts, written at closing; for a count in a meeting they come from the room.
    nb_electeurs = models.PositiveIntegerField("électeurs", default=0)
    nb_recusations = models.PositiveIntegerField("récusations", default=0)
    nb_presents = models.PositiveIntegerField("présents", null=True, blank=True)
    nb_pour = models.PositiveIntegerField("pour", default=0)
    nb_contre = models.PositiveIntegerField("contre", default=0)
    nb_abstentions = models.PositiveIntegerField("abstentions", default=0)

    history = HistoricalRecords()
    objects = ScrutinQuerySet.as_manager()

    class Meta:
        verbose_name = "scrutin"
        verbose_name_plural = "scrutins"
        ordering = ("-ouvert_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="clos", clos_le__isnull=False) & ~Q(issue="") | ~Q(etat="clos") & Q(issue=""),
                name="scrutin_clos_avec_issue",
                violation_error_message="Un scrutin clos a une date et une issue.",
            ),
            models.CheckConstraint(
                condition=Q(nb_presents__isnull=True)
                | Q(nb_presents__gte=F("nb_pour") + F("nb_contre") + F("nb_abstentions")),
                name="scrutin_presents_suffisants",
                violation_error_message="Il y a plus de votes comptés que de personnes présentes.",
            ),
            quorum_chiffre("scrutin_quorum"),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def est_ouvert(self) -> bool:
        return self.etat == EtatScrutin.OUVERT

    @property
    def est_a_distance(self) -> bool:
        """True when each elector answers alone, on the page of the ballot."""
        return self.mode in MODES_A_DISTANCE

    @property
    def est_recevable(self) -> bool:
        """True while an answer may still come; the server's clock alone counts (R5)."""
        return self.est_ouvert and self.est_a_distance and not self.est_echu(timezone.now())

    @property
    def jour(self) -> datetime.date:
        """Return the day whose seats are its electors: that of its meeting, else that of its opening."""
        return self.rencontre.date if self.rencontre else timezone.localdate(self.ouvert_le)

    @property
    def decompte(self) -> Decompte:
        """Return the count as written at closing."""
        return Decompte(
            nb_electeurs=self.nb_electeurs,
            nb_recusations=self.nb_recusations,
            nb_pour=self.nb_pour,
            nb_contre=self.nb_contre,
            nb_abstentions=self.nb_abstentions,
            regle=self.regle,
            nb_presents=self.nb_presents,
        )

    @property
    def a_enteriner(self) -> bool:
        """True for an adopted consultation: it waits for the next meeting, whatever came since (R5)."""
        return self.mode == ModeDecision.CONSULTATION and self.issue == Issue.ADOPTEE

    def est_echu(self, instant: datetime.datetime) -> bool:
        return self.est_ouvert and self.echeance is not None and instant >= self.echeance


class Electeur(models.Model):
    """One voice called to one ballot, frozen at opening: a filled seat, or a partner at the assemblée (R3, R6)."""

    scrutin = models.ForeignKey(Scrutin, on_delete=models.CASCADE, related_name="electeurs", verbose_name="scrutin")
    numero = models.PositiveIntegerField("numéro", help_text="Celui du siège, ou le rang du partenaire.")
    libelle = models.CharField("au nom de", max_length=200)
    siege = models.ForeignKey(
        Siege,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="siège",
        help_text="Vide : l’électeur est un partenaire de l’assemblée.",
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="titulaire à l’ouverture",
    )
    consulte_le = models.DateTimeField("dossier ouvert le", null=True, blank=True, editable=False)
    consulte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="dossier ouvert par",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "électeur"
        verbose_name_plural = "électeurs"
        ordering = ("scrutin", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["scrutin", "numero"],
                name="electeur_numero_unique",
                violation_error_message="Ce numéro est déjà pris à ce scrutin.",
            ),
            models.UniqueConstraint(
                fields=["scrutin", "siege"],
                condition=Q(siege__isnull=False),
                name="electeur_un_par_siege",
                violation_error_message="Ce siège est déjà appelé à ce scrutin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.libelle} : {self.scrutin}"

    def est_consulte_par(self, compte: Utilisateur | None) -> bool:
        """True once who speaks for this voice displayed its sheet: this holder of the seat, anybody of a partner."""
        if self.consulte_le is None or self.siege_id is None:
            return self.consulte_le is not None
        return compte is not None and self.consulte_par_id == compte.pk

    @property
    def courriel(self) -> str:
        """Return the address of the person called; empty for a partner without account."""
        return self.utilisateur.email if self.utilisateur else ""


class Vote(models.Model):
    """The vote of one elector in one ballot; changing it keeps the earlier ones in history (R5)."""

    electeur = models.OneToOneField(Electeur, on_delete=models.CASCADE, related_name="vote", verbose_name="électeur")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="voté par",
    )
    choix = models.CharField("choix", max_length=12, choices=Choix)
    commentaire = models.TextField("commentaire", blank=True)
    canal = models.CharField("reçu", max_length=10, choices=CanalVote, default=CanalVote.EN_LIGNE)
    inscrit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="inscrit par",
        help_text="La personne de l’équipe qui a reçu le vote.",
    )
    vote_le = models.DateTimeField("voté le", default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "vote"
        verbose_name_plural = "votes"
        ordering = ("electeur",)
        constraints = [
            models.CheckConstraint(
                condition=Q(canal=CanalVote.EN_LIGNE, inscrit_par__isnull=True, utilisateur__isnull=False)
                | ~Q(canal=CanalVote.EN_LIGNE) & Q(inscrit_par__isnull=False),
                name="vote_recu_par_l_equipe",
                violation_error_message="Un vote reçu par l’équipe dit qui l’a inscrit.",
            )
        ]

    def __str__(self) -> str:
        return f"Vote de {self.electeur}"


class Recusation(models.Model):
    """One elector recused for a conflict of interest, who leaves the denominator (R4)."""

    electeur = models.OneToOneField(
        Electeur, on_delete=models.CASCADE, related_name="recusation", verbose_name="électeur"
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="déclarée par",
    )
    motif = models.CharField("motif", max_length=250, blank=True)
    declaree_le = models.DateTimeField("déclarée le", default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "récusation"
        verbose_name_plural = "récusations"
        ordering = ("electeur",)

    def __str__(self) -> str:
        return f"Récusation de {self.electeur}"


class Rappel(models.Model):
    """One reminder sent to one person before one deadline, about every voice it waited for; never two (R5)."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="personne avisée"
    )
    echeance = models.DateTimeField("échéance rappelée")
    electeurs = models.ManyToManyField(Electeur, related_name="rappels", verbose_name="électeurs")
    envoye_le = models.DateTimeField("envoyé le", default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "rappel"
        verbose_name_plural = "rappels"
        ordering = ("echeance", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "echeance"],
                name="rappel_un_par_echeance",
                violation_error_message="Cette personne a déjà été avisée de cette échéance.",
            )
        ]

    def __str__(self) -> str:
        return f"Rappel à {self.utilisateur}"
