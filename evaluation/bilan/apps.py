"""Configuration of the room `evaluation.bilan`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class BilanConfig(salles.Salle):
    name = "evaluation.bilan"
    verbose_name = "Bilan"
