"""What draft minutes leave unsaid or contradict: shown on their page, and before they are adopted."""

from demarche.rencontres.proces_verbal.donnees import ProcesVerbalCompose
from demarche.rencontres.proces_verbal.phrases import PAS_ABORDE

NON_NOTEE = ""


def reserves_de(compose: ProcesVerbalCompose) -> list[str]:
    """Return, in French sentences, what to look at before these minutes are adopted; a pure function."""
    return [*_des_presences(compose), *_des_textes(compose)]


def _des_presences(compose: ProcesVerbalCompose) -> list[str]:
    tues = compose.presences_en(NON_NOTEE)
    if not tues:
        return []
    if not any(compose.presences_en(etat) for etat in ("present", "excuse", "absent")):
        return ["Les présences ne sont pas notées."]
    return [f"Présence non notée\u00a0: {', '.join(presence.siege for presence in tues)}."]


def _des_textes(compose: ProcesVerbalCompose) -> list[str]:
    phrase = f"le texte dit «\u00a0{PAS_ABORDE}\u00a0», alors qu’un vote ou un report y est inscrit."
    return [
        f"Point {point.numero}\u00a0: {phrase}"
        for point in compose.points
        if PAS_ABORDE in point.compte_rendu and (point.decision is not None or point.reporte_au is not None)
    ]
