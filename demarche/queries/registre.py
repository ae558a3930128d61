"""The chained register as people read it: one plain sentence a line, never a name; which line a hash is of."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from demarche.enums import CanalVote, GenreEvenement, GenreInstance, Issue
from demarche.models import EvenementRegistre, Exercice, ProcesVerbal, Resolution, Scrutin
from demarche.registre import ObjetNomme, registre

LONGUEUR_EMPREINTE = 64
LONGUEUR_MINIMALE = 16  # the first characters are enough to find a line
HEXADECIMAL = frozenset("0123456789abcdef")
CANAUX: dict[str, str] = {CanalVote.TELEPHONE: ", reçu par téléphone", CanalVote.RENCONTRE: ", en rencontre"}


@dataclass(frozen=True)
class LigneDecrite:
    """One line of the register, ready to read."""

    numero: int
    inscrit_le: datetime.datetime
    phrase: str  # « vote du siège nº 3 »
    objet: ObjetNomme
    empreinte: str


def decrire_lignes(lignes: Iterable[EvenementRegistre]) -> list[LigneDecrite]:
    """Return what these lines say; one query for each kind of thing they are about."""
    evenements = list(lignes)
    cherches: dict[str, set[int]] = defaultdict(set)
    for evenement in evenements:
        prefixe, _, cle = evenement.objet.partition(" ")
        if prefixe in registre.objets_registre and cle.isdecimal():
            cherches[prefixe].add(int(cle))
    nommes = {
        f"{prefixe} {pk}": objet
        for prefixe, cles in cherches.items()
        for pk, objet in registre.objets_registre[prefixe](cles).items()
    }
    return [_decrire(evenement, nommes) for evenement in evenements]


def _decrire(evenement: EvenementRegistre, nommes: Mapping[str, ObjetNomme]) -> LigneDecrite:
    objet = nommes.get(evenement.objet) or ObjetNomme(evenement.objet)
    phrase = registre.phrases_registre.get(evenement.genre)
    texte = phrase(evenement.valeurs, objet) if phrase else evenement.get_genre_display()
    return LigneDecrite(evenement.numero, evenement.inscrit_le, texte, objet, evenement.empreinte)


def lignes_de_l_objet(*objets: str) -> list[EvenementRegistre]:
    """Return the lines about these things (« resolution 4 »), the oldest first, in one query."""
    return list(EvenementRegistre.objects.filter(objet__in=objets).order_by("numero"))


def lignes_du_scrutin(objet: Model) -> dict[str, Any] | None:
    """Return how many lines of the register tell this ballot; None when there is none."""
    nom = f"scrutin {objet.pk}"
    nb = EvenementRegistre.objects.filter(objet=nom).count()
    return {"nb": nb, "objet": nom} if nb else None


def ligne_de_l_empreinte(saisie: str) -> EvenementRegistre | None:
    """Return the line that has this hash, or that begins with it; None when no line has."""
    empreinte = nettoyer_empreinte(saisie)
    return EvenementRegistre.objects.filter(empreinte__startswith=empreinte).first() if empreinte else None


def nettoyer_empreinte(saisie: str) -> str:
    """Return the hash as the register writes it, spaces and capitals forgiven; empty when it cannot be one."""
    empreinte = "".join(saisie.split()).lower()
    if not LONGUEUR_MINIMALE <= len(empreinte) <= LONGUEUR_EMPREINTE or not set(empreinte) <= HEXADECIMAL:
        return ""
    return empreinte


def nommer_scrutins(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Scrutin.objects.filter(pk__in=cles).values_list("pk", "question", "instance_gouvernance__genre")
    return {
        pk: ObjetNomme(
            f"scrutin : {question}",
            reverse("demarche:scrutin_detail", args=[pk]),
            voix="partenaire" if genre == GenreInstance.ASSEMBLEE else "siège",
        )
        for pk, question, genre in valeurs
    }


def nommer_resolutions(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Resolution.objects.filter(pk__in=cles).values_list("pk", "code", "titre")
    return {
        pk: ObjetNomme(f"résolution {code} : {titre}", reverse("demarche:resolution_detail", args=[pk]))
        for pk, code, titre in valeurs
    }


def nommer_exercices(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Exercice.objects.filter(pk__in=cles).values_list("pk", "code")
    motifs: dict[int, dict[int, str]] = defaultdict(dict)
    ecrits = Exercice.history.filter(id__in=cles).values_list("id", "history_id", "history_change_reason")
    for pk, historique, motif in ecrits:
        motifs[pk][historique] = motif or ""
    return {pk: ObjetNomme(f"exercice {code}", motifs=motifs[pk]) for pk, code in valeurs}


def nommer_proces_verbaux(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = ProcesVerbal.objects.filter(pk__in=cles).values_list("pk", "rencontre", "rencontre__titre")
    return {
        pk: ObjetNomme(f"procès-verbal : {titre}", reverse("demarche:rencontre_detail", args=[rencontre]))
        for pk, rencontre, titre in valeurs
    }


def dire_ouverture(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    electeurs = corps.get("electeurs")
    nb = len(electeurs) if isinstance(electeurs, list) else 0
    return f"Ouverture du scrutin, {_compter(nb, 'voix appelée', 'voix appelées')}" if nb else "Ouverture du scrutin"


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
        _compter(corps.get("abstentions") or 0, "abstention", "abstentions"),
        _compter(corps.get("recusations") or 0, "récusation", "récusations"),
    )
    issue = dict(Issue.choices).get(str(corps.get("issue")), "")
    return f"Clôture du scrutin : {', '.join(comptes)}. {issue}"


def dire_resolution(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    if corps.get("corrige"):
        return f"Inscription de la résolution, qui corrige {corps['corrige']}"
    return "Inscription de la résolution"


def dire_reouverture(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    motif = objet.motifs.get(corps.get("historique", 0))
    return f"Réouverture de l’exercice : « {motif} »" if motif else "Réouverture de l’exercice"


def _compter(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{nombre} {pluriel if nombre >= 2 else singulier}"


NOMMER = {
    "scrutin": nommer_scrutins,
    "resolution": nommer_resolutions,
    "exercice": nommer_exercices,
    "proces_verbal": nommer_proces_verbaux,
}
DIRE: dict[str, Callable[[Mapping[str, Any], ObjetNomme], str]] = {
    GenreEvenement.OUVERTURE: dire_ouverture,
    GenreEvenement.VOTE: dire_vote,
    GenreEvenement.CHANGEMENT: dire_changement,
    GenreEvenement.RECUSATION: dire_recusation,
    GenreEvenement.CLOTURE: dire_cloture,
    GenreEvenement.RESOLUTION: dire_resolution,
    GenreEvenement.EXERCICE_ROUVERT: dire_reouverture,
}
