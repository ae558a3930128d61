"""A question put to the partners of the assemblée, online, and what some have answered."""

import datetime

from demarche.enums import Choix, ModeDecision
from demarche.services.votes import voter
from partenaires.services.scrutins import ouvrir_scrutin_assemblee

from .ecriture import Demo
from .lecture import lire
from .temps import a_l_instant, il_y_a, instant


def charger_scrutin_assemblee(demo: Demo) -> None:
    """Open the ballot some days ago and cast the first votes; it is still open on the day."""
    ligne = lire("gouvernance")["scrutin_assemblee"]
    with a_l_instant(il_y_a(demo, ligne["ouvert_il_y_a"])):
        scrutin = ouvrir_scrutin_assemblee(
            instance_gouvernance=demo.instances["AP"],
            question=ligne["question"],
            texte=ligne["texte"],
            echeance=instant(demo.jour + datetime.timedelta(days=ligne["ferme_dans"]), 17),
            auteur=demo.auteur,
            mode=ModeDecision.EN_LIGNE,
            inscrit_resolution=True,
        )
    with a_l_instant(il_y_a(demo, ligne["ouvert_il_y_a"] - 1, 19)):
        for vote in ligne["votes"]:
            voter(
                scrutin.pk,
                auteur=demo.comptes[vote["compte"]],
                choix=Choix(vote["choix"]),
                commentaire=vote["commentaire"],
            )
