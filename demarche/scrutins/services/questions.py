"""Free ballots: a question without a fund request; adopted, it writes its own resolution (R5, R7)."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import MODES_A_DISTANCE, ModeDecision
from demarche.gouvernance.models import InstanceGouvernance, Resolution
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.registre.services.lignes import tenir_registre
from demarche.scrutins import notifications
from demarche.scrutins.models import Scrutin
from demarche.scrutins.protocoles import ELECTORATS
from demarche.scrutins.services.electeurs import Appele, sieges_appeles
from demarche.scrutins.services.scrutins import ouvrir_scrutin
from demarche.socle.erreurs import ErreurMetier


def appeles_de(instance_gouvernance: InstanceGouvernance) -> Sequence[Appele]:
    """Return the voices that a ballot opened now would call: filled seats, or partners of the assemblée (R6)."""
    electorat, jour = ELECTORATS.du_genre(instance_gouvernance.genre), timezone.localdate()
    return electorat.appeles(jour) if electorat else sieges_appeles(instance_gouvernance, jour)


@transaction.atomic
def ouvrir_question(
    *,
    instance_gouvernance: InstanceGouvernance,
    question: str,
    texte: str,
    echeance: datetime.datetime,
    auteur: Utilisateur,
    corrige: Resolution | None = None,
) -> Scrutin:
    """Put a free question to the remote ballot of an instance, and write to each voice called.

    Errors: ErreurMetier when the instance does not answer at a distance, when today or the last day is in no open
            exercice (the resolution would have no number), when nobody can be called, or when the deadline has passed.
    """
    if instance_gouvernance.mode_decision not in MODES_A_DISTANCE:
        phrase = f"« {instance_gouvernance} » ne répond pas à distance : passez par une rencontre."
        raise ErreurMetier({"instance_gouvernance": phrase})
    tenir_registre()
    dernier, aujourd_hui = timezone.localdate(echeance), timezone.localdate()
    if exiger_jour_ouvert(aujourd_hui) is None:  # it may close today, with its last vote
        raise ErreurMetier("Aujourd’hui n’est dans aucun exercice : ajoutez-le aux réglages.")
    if exiger_jour_ouvert(dernier, champ="dernier_jour") is None:
        raise ErreurMetier({"dernier_jour": "Aucun exercice ne contient ce jour : ajoutez-le aux réglages."})
    if corrige is not None and corrige.instance_gouvernance_id != instance_gouvernance.pk:
        raise ErreurMetier(
            {"instance_gouvernance": f"{corrige.code} est d’une autre instance : elle seule la corrige."}
        )
    electorat = ELECTORATS.du_genre(instance_gouvernance.genre)
    ouvrir = electorat.ouvrir if electorat else ouvrir_scrutin
    scrutin: Scrutin = ouvrir(
        instance_gouvernance=instance_gouvernance,
        question=question,
        texte=texte,
        echeance=echeance,
        auteur=auteur,
        mode=ModeDecision(instance_gouvernance.mode_decision),
        inscrit_resolution=True,
        corrige=corrige,
    )
    notifications.convoquer_a_la_question(scrutin)
    return scrutin
