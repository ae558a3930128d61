"""Accounts and the roles given to them."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.comptes.enums import EQUIPE, Role
from demarche.socle.models import Periode
from demarche.socle.models.periodes import fin_apres_debut


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    def create_user(self, email: str, **champs: Any) -> "Utilisateur":
        """Create an account without a usable password: one signs in by e-mailed code."""
        utilisateur = self.model(email=self.normalize_email(email).lower(), **champs)
        utilisateur.set_unusable_password()
        utilisateur.save(using=self._db)
        return utilisateur


class Utilisateur(AbstractBaseUser):
    """One account: a person who signs in with an e-mail address."""

    email = models.EmailField(
        "courriel", unique=True, error_messages={"unique": "Un compte existe déjà avec ce courriel."}
    )
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)

    # Names and addresses stay out of the history, so that erasing a person erases them everywhere (R13).
    history = HistoricalRecords(
        excluded_fields=["password", "last_login", "email", "prenom", "nom", "telephone"],
    )
    objects = UtilisateurManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["prenom", "nom"]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ("nom", "prenom", "pk")

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    def get_absolute_url(self) -> str:
        return reverse("comptes:compte_detail", args=[self.pk])

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles held today; read once a request."""
        jour = timezone.localdate()
        return frozenset(self.roles_attribues.en_vigueur(jour).values_list("role", flat=True))

    @property
    def est_equipe(self) -> bool:
        return bool(self.roles & EQUIPE)

    @property
    def est_coordonnateur(self) -> bool:
        return Role.COORDONNATEUR in self.roles


class RoleAttribue(Periode):
    """One role that an account holds for a time."""

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="roles_attribues", verbose_name="compte"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "rôle attribué"
        verbose_name_plural = "rôles attribués"
        ordering = ("utilisateur", "role", "-du")
        constraints = [
            fin_apres_debut("role_attribue_periode"),
            models.UniqueConstraint(
                fields=["utilisateur", "role"],
                condition=models.Q(au__isnull=True),
                name="role_attribue_une_fois",
                violation_error_message="Ce compte a déjà ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} : {self.utilisateur}"
