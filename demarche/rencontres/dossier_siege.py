"""The file given to a new member: the mandate, the rules in force, what is open, what was decided (R3, R5)."""

import datetime
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from demarche.gouvernance.enums import MODES_A_DISTANCE, ModeDecision
from demarche.gouvernance.models import CadreReference, Mandat, Rencontre, Resolution, Siege
from demarche.gouvernance.phrases_regle import RegleEcrite, ecrire_regle
from demarche.gouvernance.protocoles import MEMBRES
from demarche.gouvernance.queries.gouvernance import nb_voix_de
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Electeur
from demarche.scrutins.protocoles import OBJETS

LEXIQUE = Path(__file__).with_name("lexique.toml")
NB_RESOLUTIONS = 10
NB_RENCONTRES = 5

# How a vote works, in five lines; our own words for R4 and R5.
VOTE_A_DISTANCE = (
    "Un courriel vous prévient. La fiche de décision tient sur une page : lisez-la, puis répondez.",
    "Si l’organisation que vous représentez porte l’action, y fournit quelque chose ou en profite, récusez-vous.",
    "Répondez pour, contre ou abstention. S’abstenir compte au quorum; ne pas répondre n’y compte pas.",
    "Vous pouvez changer de réponse jusqu’à la clôture. Personne ne voit les résultats avant.",
    "Le scrutin se ferme à l’échéance, ou à la dernière réponse. Adoptée, la décision reçoit un numéro.",
)
VOTE_EN_RENCONTRE = (
    "L’ordre du jour arrive avec la convocation, et chaque proposition y est écrite.",
    "Si l’organisation que vous représentez est en cause, dites-le avant le vote et retirez-vous.",
    "On compte les voix pour, contre et les abstentions. À égalité, ce n’est pas adopté.",
    "Adoptée, la proposition devient une résolution numérotée, qui ne change plus.",
    "Le procès-verbal dit les nombres, jamais qui a voté quoi. Il s’adopte à une rencontre suivante.",
)


@dataclass(frozen=True)
class Terme:
    """One word of the short glossary."""

    mot: str
    texte: str


@dataclass(frozen=True)
class Voisin:
    """Who else sits in the instance: a seat, its holder of today, the organisation it stands for."""

    numero: int
    siege: str
    nom: str
    organisation: str


@dataclass(frozen=True)
class ScrutinDuSiege:
    """One open ballot that calls the seat; whether it answered, never what."""

    question: str
    echeance: datetime.datetime | None
    url: str
    etat: str


@dataclass(frozen=True)
class DossierSiege:
    """Everything a new member receives."""

    siege: Siege
    mandat: Mandat | None
    organisation: str
    regle: RegleEcrite
    cadre: CadreReference | None
    vote: tuple[str, ...]
    scrutins: tuple[ScrutinDuSiege, ...]
    resolutions: tuple[Resolution, ...]
    rencontres: tuple[Rencontre, ...]
    voisins: tuple[Voisin, ...]
    lexique: tuple[Terme, ...]


@lru_cache(maxsize=1)
def lexique() -> tuple[Terme, ...]:
    """Return the short glossary, read once."""
    with LEXIQUE.open("rb") as fichier:
        return tuple(Terme(**terme) for terme in tomllib.load(fichier)["termes"])


def composer_dossier(siege: Siege) -> DossierSiege:
    """Return the file of one seat as of today; the query count depends on nothing it lists."""
    jour = timezone.localdate()
    instance = siege.instance_gouvernance
    sieges = list(instance.sieges.filter(est_actif=True).order_by("numero"))
    organisations = MEMBRES.organisations_de([s.pk for s in sieges], jour)
    mandats = {m.siege_id: m for m in mandats_en_date(sieges, jour)}
    return DossierSiege(
        siege=siege,
        mandat=mandats.get(siege.pk),
        organisation=organisations.get(siege.pk, ""),
        regle=ecrire_regle(instance, nb_voix=nb_voix_de(instance, jour)),
        cadre=CadreReference.objects.filter(adopte_le__lte=jour).select_related("document", "resolution").first(),
        vote=lignes_du_vote(instance.mode_decision),
        scrutins=scrutins_du_siege(siege),
        resolutions=tuple(instance.resolutions.order_by("-adoptee_le", "-pk")[:NB_RESOLUTIONS]),
        rencontres=tuple(instance.rencontres.maintenues().a_venir(jour)[:NB_RENCONTRES]),
        voisins=tuple(
            Voisin(
                s.numero,
                s.libelle,
                str(mandats[s.pk].utilisateur) if s.pk in mandats else "",
                organisations.get(s.pk, ""),
            )
            for s in sieges
            if s.pk != siege.pk
        ),
        lexique=lexique(),
    )


def mandats_en_date(sieges: list[Siege], jour: datetime.date) -> "QuerySet[Mandat]":
    """Return the mandates of these seats that hold on that day."""
    return Mandat.objects.en_vigueur(jour).filter(siege__in=sieges).select_related("utilisateur").order_by("du")


def lignes_du_vote(mode: str) -> tuple[str, ...]:
    """Return the five lines on how a vote works; none where one person decides."""
    if mode == ModeDecision.UNE_PERSONNE:
        return ()
    return VOTE_A_DISTANCE if mode in MODES_A_DISTANCE else VOTE_EN_RENCONTRE


def scrutins_du_siege(siege: Siege) -> tuple[ScrutinDuSiege, ...]:
    """Return the open ballots that call the seat, the nearest deadline first."""
    appels = list(
        Electeur.objects.filter(siege=siege, scrutin__etat=EtatScrutin.OUVERT, scrutin__mode__in=MODES_A_DISTANCE)
        .select_related("scrutin", "vote", "recusation")
        .order_by("scrutin__echeance", "pk")
    )
    pages = OBJETS.pages_des_scrutins(appel.scrutin for appel in appels)
    return tuple(
        ScrutinDuSiege(appel.scrutin.question, appel.scrutin.echeance, pages[appel.scrutin_id], _etat(appel))
        for appel in appels
    )


def _etat(appel: Electeur) -> str:
    if hasattr(appel, "recusation"):
        return "récusation notée"
    return "réponse donnée" if hasattr(appel, "vote") else "réponse attendue"
