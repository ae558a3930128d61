"""Configuration of the room `demarche.rencontres`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class RencontresConfig(salles.Salle):
    name = "demarche.rencontres"
    verbose_name = "Rencontres"
