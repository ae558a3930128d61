"""Configuration of the room `chantiers.demandes`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class DemandesConfig(salles.Salle):
    name = "chantiers.demandes"
    verbose_name = "Demandes"
