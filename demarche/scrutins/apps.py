"""Configuration of the room `demarche.scrutins`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class ScrutinsConfig(salles.Salle):
    name = "demarche.scrutins"
    verbose_name = "Scrutins"
