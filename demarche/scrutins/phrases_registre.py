"""What the lines of the register about ballots and resolutions say."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse

from demarche.gouvernance.enums import GenreInstance, Issue
from demarche.gouvernance.models import Resolution
from demarche.registre.protocoles import ObjetNomme
from demarche.scrutins.enums import CanalVote
from demarche.scrutins.models import Scrutin
from demarche.socle.francais import compter

CANAUX: dict[str, str] = {CanalVote.TELEPHONE: ", reçu par téléphone", CanalVote.RENCONTRE: ", en rencontre"}


def nommer_scrutins(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Scrutin.objects.filter(pk__in=cles).values_list("pk", "question", "instance_gouvernance__genre")
    return {
        pk: ObjetNomme(
            f"scrutin : {question}",
            reverse("scrutins:scrutin_detail", args=[pk]),
            voix="partenaire" if genre == GenreInstance.ASSEMBLEE else "siège",
        )
        for pk, question, genre in valeurs
    }


def nommer_resolutions(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Resolution.objects.filter(pk__in=cles).values_list("pk", "code", "titre")
    return {
        pk: ObjetNomme(f"résolution {code} : {titre}", reverse("scrutins:resolution_detail", args=[pk]))
        for pk, code, titre in valeurs
    }


def dire_ouverture(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    electeurs = corps.get("electeurs")
    nb = len(electeurs) if isinstance(electeurs, list) else 0
    return f"Ouverture du scrutin, {compter(nb, 'voix appelée', 'voix appelées')}" if nb else "Ouverture du scrutin"


def dire_vote(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    return f"Vote du {objet.voix} nº {corps.get('siege')}{CANAUX.get(str(corps.get('canal')), '')}"


def dire_changement(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    return f"Changement du vote du {objet.voix} nº {corps.get('siege')}{CANAUX.get(str(corps.get('canal')), '')}"


def dire_recusation(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    return f"Récusation du {objet.voix} nº {corps.get('siege')}"


def dire_cloture(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    comptes = (
        f"{corps.get('pour')} pour",
        f"{corps.get('contre')} contre",
        compter(corps.get("abstentions") or 0, "abstention", "abstentions"),
        compter(corps.get("recusations") or 0, "récusation", "récusations"),
    )
    issue = dict(Issue.choices).get(str(corps.get("issue")), "")
    return f"Clôture du scrutin : {', '.join(comptes)}. {issue}"


def dire_resolution(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    if corps.get("corrige"):
        return f"Inscription de la résolution, qui corrige {corps['corrige']}"
    return "Inscription de la résolution"
