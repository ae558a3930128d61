"""Configuration of the room `chantiers.actions`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class ActionsConfig(salles.Salle):
    name = "chantiers.actions"
    verbose_name = "Actions"
