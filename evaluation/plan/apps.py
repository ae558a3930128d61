"""Configuration of the room `evaluation.plan`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class PlanConfig(salles.Salle):
    name = "evaluation.plan"
    verbose_name = "Plan"
