"""The rule a vote will be counted by, before it opens (R5)."""

from typing import Any

from demarche.gouvernance.decompte import Decompte, RegleDecompte
from demarche.gouvernance.enums import ModeDecision, RegleMajorite, RegleQuorum
from demarche.gouvernance.models import InstanceGouvernance


def regle_du_scrutin(instance_gouvernance: InstanceGouvernance, mode: str) -> dict[str, Any]:
    """Return the fields of the rule to freeze: the instance's own; a written resolution needs every signature (R5)."""
    champs = instance_gouvernance.champs_regle
    if mode == ModeDecision.RESOLUTION_ECRITE:
        champs |= {
            "regle_quorum": RegleQuorum.TOUS,
            "quorum_nombre": None,
            "regle_majorite": RegleMajorite.TOUS_POUR,
        }
    return champs


def quorum_hors_d_atteinte(instance_gouvernance: InstanceGouvernance, mode: str, nb_voix: int) -> str:
    """Return why a ballot that calls these voices could never be valid, as a French sentence; nothing when it can."""
    champs = regle_du_scrutin(instance_gouvernance, mode)
    regle = RegleDecompte(RegleQuorum(champs["regle_quorum"]), nombre=champs["quorum_nombre"])
    decompte = Decompte(nb_voix, 0, 0, 0, 0, regle)
    if decompte.quorum_possible:
        return ""
    return (
        f"«\u00a0{instance_gouvernance}\u00a0» demande un quorum de {decompte.quorum} voix et n’en a que "
        f"{nb_voix}\u00a0: pourvoyez ses sièges, ou changez sa règle."
    )
