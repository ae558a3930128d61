"""Configuration of the room `demarche.registre`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class RegistreConfig(salles.Salle):
    name = "demarche.registre"
    verbose_name = "Registre"
