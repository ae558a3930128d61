"""Adhesions filed on the public site this year: accepted, refused, to study, to confirm."""

from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import a_l_instant, il_y_a, jour_il_y_a
from partenaires.services.adhesions import accepter_adhesion, confirmer_adhesion, deposer_adhesion, refuser_adhesion

DELAI_REPONSE = 5


def charger_adhesions(demo: Demo) -> None:
    """File each form as a person would, then take it as far as its data says."""
    for ligne in lire("vivant")["adhesions"]:
        formulaire = {
            champ: ligne.get(champ, "")
            for champ in ("nom_organisation", "prenom", "nom", "fonction", "courriel", "telephone", "commentaire")
        }
        formulaire |= {"categorie": ligne["categorie"], "oeuvre_sur_territoire": True, "adhere_mission": True}
        with a_l_instant(il_y_a(demo, ligne["jours"], 11)):
            adhesion = deposer_adhesion(formulaire, accords=frozenset(ligne["accords"]))
            if ligne["etat"] != "a_confirmer":
                adhesion = confirmer_adhesion(adhesion)
        reponse = ligne["jours"] - DELAI_REPONSE
        with a_l_instant(il_y_a(demo, reponse)):
            if ligne["etat"] == "acceptee":
                accepter_adhesion(adhesion, auteur=demo.auteur, du=jour_il_y_a(demo, reponse))
            elif ligne["etat"] == "refusee":
                refuser_adhesion(adhesion, auteur=demo.auteur, motif=ligne["motif"])
