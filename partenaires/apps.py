"""Configuration of the room `partenaires`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class PartenairesConfig(salles.Salle):
    name = "partenaires"
    verbose_name = "Partenaires"
