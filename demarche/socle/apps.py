"""Configuration of the room `demarche.socle`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class SocleConfig(salles.Salle):
    name = "demarche.socle"
    verbose_name = "Socle"
