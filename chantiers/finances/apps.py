"""Configuration of the room `chantiers.finances`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class FinancesConfig(salles.Salle):
    name = "chantiers.finances"
    verbose_name = "Finances"
