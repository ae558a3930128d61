"""Configuration of the room `evaluation.demo`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class DemoConfig(salles.Salle):
    name = "evaluation.demo"
    verbose_name = "Démonstration"
