"""Models of the room `chantiers.budget`."""

from chantiers.budget.models.budget import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier

__all__ = ["AffectationSurplus", "Enveloppe", "LigneBudgetaire", "ResultatFinancier"]
