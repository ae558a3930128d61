"""Configuration of the room `demarche.gouvernance`."""

from demarche.socle import salles  # the module: a class imported here would be one more configuration


class GouvernanceConfig(salles.Salle):
    name = "demarche.gouvernance"
    verbose_name = "Gouvernance"
