"""What the app `demarche` checks: its rows against the chained register, and itself before an exercice is closed."""

from .queries.cloture import points_de_cloture
from .registre import registre
from .services.controles_registre import (
    controler_exercices,
    controler_proces_verbaux,
    controler_resolutions,
    controler_scrutins,
)

registre.controles_registre += [
    controler_scrutins,
    controler_resolutions,
    controler_exercices,
    controler_proces_verbaux,
]
registre.points_de_cloture.append(points_de_cloture)
