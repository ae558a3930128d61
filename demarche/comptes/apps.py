"""Configuration of the room `demarche.comptes`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class ComptesConfig(salles.Salle):
    name = "demarche.comptes"
    verbose_name = "Comptes"
