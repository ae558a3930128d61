"""How an instance counts: one rule, carried by the instance and frozen on each of its ballots (R4, R5)."""

from typing import Any

from django.db import models
from django.db.models import Q

from demarche.gouvernance.decompte import RegleDecompte
from demarche.gouvernance.enums import RegleMajorite, RegleQuorum, SuiteRecusations


def quorum_chiffre(nom: str) -> models.CheckConstraint:
    """Return the constraint that a fixed quorum has its number, and that no other has one."""
    return models.CheckConstraint(
        # « Not null » is said: a comparison with null is neither true nor false, and a CHECK lets it through.
        condition=Q(regle_quorum=RegleQuorum.NOMBRE, quorum_nombre__isnull=False, quorum_nombre__gte=1)
        | ~Q(regle_quorum=RegleQuorum.NOMBRE) & Q(quorum_nombre__isnull=True),
        name=nom,
        violation_error_message="Donnez le nombre du quorum fixe; laissez-le vide pour les autres quorums.",
    )


class RegleDecision(models.Model):
    """Abstract: quorum, majority, what recusals that break the quorum lead to, and where all that comes from."""

    regle_quorum = models.CharField("quorum", max_length=20, choices=RegleQuorum, default=RegleQuorum.MAJORITE)
    quorum_nombre = models.PositiveSmallIntegerField("nombre du quorum", null=True, blank=True)
    regle_majorite = models.CharField("majorité", max_length=20, choices=RegleMajorite, default=RegleMajorite.SIMPLE)
    suite_recusations = models.CharField(
        "si les récusations empêchent le quorum",
        max_length=24,
        choices=SuiteRecusations,
        default=SuiteRecusations.INSTANCE_SUPERIEURE,
    )
    source_regle = models.CharField(
        "source de la règle de décision",
        max_length=250,
        blank=True,
        help_text="Vide : la règle est la valeur par défaut de l’outil.",
    )

    class Meta:
        abstract = True

    @property
    def regle(self) -> RegleDecompte:
        """Return the rule as the count needs it."""
        return RegleDecompte(
            quorum=RegleQuorum(self.regle_quorum),
            majorite=RegleMajorite(self.regle_majorite),
            nombre=self.quorum_nombre,
        )

    @property
    def champs_regle(self) -> dict[str, Any]:
        """Return the fields of the rule, to freeze them elsewhere."""
        return {champ.name: getattr(self, champ.name) for champ in RegleDecision._meta.fields}
