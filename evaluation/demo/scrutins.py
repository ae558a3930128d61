"""Questions without a fund request: to the partners of the assemblée, to the comité, and what some have answered."""

import datetime
from typing import Any

from demarche.gouvernance.enums import Choix
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.questions import ouvrir_question
from demarche.scrutins.services.rappels import rappeler
from demarche.scrutins.services.votes import inscrire_vote_telephone, voter
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import Histoire, il_y_a, instant


def histoire_scrutin_assemblee(demo: Demo) -> Histoire:
    """Open the ballot some days ago and cast the first votes; it is still open on the day."""
    ligne = lire("gouvernance")["scrutin_assemblee"]
    yield il_y_a(demo, ligne["ouvert_il_y_a"])
    fermeture = instant(demo.jour + datetime.timedelta(days=ligne["ferme_dans"]), 17)
    scrutin = _demander(demo, ligne, dernier=min(fermeture, _fin(demo)), instance="AP")
    yield il_y_a(demo, ligne["ouvert_il_y_a"] - 1, 19)
    for vote in ligne["votes"]:
        _voter(demo, scrutin, vote)


def histoire_question_close(demo: Demo) -> Histoire:
    """Put to the comité a question that is closed on the day, with an answer taken by phone."""
    ligne = lire("scrutins")["clos"]
    yield il_y_a(demo, ligne["ouvert_il_y_a"])
    scrutin = _demander(demo, ligne, dernier=il_y_a(demo, ligne["ouvert_il_y_a"] - 7))
    yield il_y_a(demo, ligne["ouvert_il_y_a"] - 2, 19)
    for vote in ligne["votes"]:
        if vote["compte"] == ligne["telephone"]:
            inscrire_vote_telephone(
                scrutin.pk,
                electeur_pk=scrutin.electeurs.get(utilisateur=demo.comptes[vote["compte"]]).pk,
                choix=Choix(vote["choix"]),
                commentaire=vote["commentaire"],
                auteur=demo.comptes[ligne["inscrit_par"]],
            )
        else:
            _voter(demo, scrutin, vote)


def histoire_question_ouverte(demo: Demo) -> Histoire:
    """Put to the comité a question still open on the day, with its reminder."""
    ligne = lire("scrutins")["ouvert"]
    dernier = min(instant(demo.jour + datetime.timedelta(days=1), 12), _fin(demo))
    yield il_y_a(demo, ligne["ouvert_il_y_a"])
    scrutin = _demander(demo, ligne, dernier=dernier)
    yield il_y_a(demo, ligne["ouvert_il_y_a"] - 2, 19)
    for vote in ligne["votes"]:
        _voter(demo, scrutin, vote)
    hier = il_y_a(demo, 1, 13)
    yield hier
    rappeler(hier)


def _fin(demo: Demo) -> datetime.datetime:
    """Return the last minute of the exercice: its resolutions are taken before."""
    return instant(demo.courant.fin, 23, 59)


def _demander(demo: Demo, ligne: dict[str, Any], *, dernier: datetime.datetime, instance: str = "CP") -> Scrutin:
    ouverture = il_y_a(demo, ligne["ouvert_il_y_a"])
    return ouvrir_question(
        instance_gouvernance=demo.instances[instance],
        question=ligne["question"],
        texte=ligne["texte"],
        echeance=max(dernier, ouverture + datetime.timedelta(days=1)),
        auteur=demo.auteur,
    )


def _voter(demo: Demo, scrutin: Scrutin, vote: dict[str, str]) -> None:
    voter(
        scrutin.pk,
        auteur=demo.comptes[vote["compte"]],
        choix=Choix(vote["choix"]),
        commentaire=vote.get("commentaire", ""),
    )
