"""Configuration of the room `chantiers.budget`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class BudgetConfig(salles.Salle):
    name = "chantiers.budget"
    verbose_name = "Budget"
