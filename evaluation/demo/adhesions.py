"""Adhesions filed on the public site this year: accepted, refused, to study, to confirm."""

from typing import Any

from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import a_l_instant, il_y_a, jour_il_y_a
from partenaires.models import Adhesion
from partenaires.services.adhesions import accepter_adhesion, confirmer_adhesion, deposer_adhesion, refuser_adhesion

CHAMPS_TEXTE = ("nom_organisation", "prenom", "nom", "fonction", "courriel", "telephone", "commentaire")
DELAI_REPONSE = 5


def charger_adhesions(demo: Demo) -> None:
    """File each form as a person would, then take it as far as its data says."""
    for ligne in lire("vivant")["adhesions"]:
        with a_l_instant(il_y_a(demo, ligne["jours"], 11)):
            adhesion = deposer_adhesion(_formulaire(ligne), accords=frozenset(ligne["accords"]))
            if ligne["etat"] != "a_confirmer":
                adhesion = confirmer_adhesion(adhesion)
        _repondre(demo, adhesion, ligne)


def _formulaire(ligne: dict[str, Any]) -> dict[str, Any]:
    textes = {champ: ligne.get(champ, "") for champ in CHAMPS_TEXTE}
    return {**textes, "categorie": ligne["categorie"], "oeuvre_sur_territoire": True, "adhere_mission": True}


def _repondre(demo: Demo, adhesion: Adhesion, ligne: dict[str, Any]) -> None:
    reponse = ligne["jours"] - DELAI_REPONSE
    if ligne["etat"] == "acceptee":
        with a_l_instant(il_y_a(demo, reponse)):
            accepter_adhesion(adhesion, auteur=demo.auteur, du=jour_il_y_a(demo, reponse))
    elif ligne["etat"] == "refusee":
        with a_l_instant(il_y_a(demo, reponse)):
            refuser_adhesion(adhesion, auteur=demo.auteur, motif=ligne["motif"])
