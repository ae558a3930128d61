"""What a bilan says, as frozen dataclasses: plain values only, no model, no HTML.

The whole is written as JSON in each published version; SCHEMA grows by one when a field is added, removed or
changes its meaning. Amounts in CAD, rates from 0 to 1, hours in hours.
"""

import dataclasses
import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from chantiers.actions.queries.activites import TotauxActivites

SCHEMA = 1
T = TypeVar("T")


@dataclass(frozen=True)
class Identite:
    """The démarche on the cover and in the footer."""

    nom: str
    sigle: str
    territoire: str
    annee_fondation: int | None
    couleur: str
    fiduciaire: str
    courriel: str


@dataclass(frozen=True)
class ExerciceBilan:
    """The year told."""

    code: str
    debut: datetime.date
    fin: datetime.date


@dataclass(frozen=True)
class InstanceBilan:
    """One instance of the governance diagram; `pk` and `parent_id` only tie the boxes together."""

    pk: int
    nom: str
    genre: str
    parent_id: int | None
    role: str


@dataclass(frozen=True)
class CadreBilan:
    """The framework in force on the last day of the exercice."""

    version: str
    adopte_le: datetime.date
    resume: str
    definition_partenaire: str
    resolution: str


@dataclass(frozen=True)
class Presentation:
    """What the démarche is, aims at and how it is governed."""

    presentation: str
    mission: str
    objectifs: tuple[str, ...]
    vision: tuple[str, ...]
    horizon_vision: int | None
    instances: tuple[InstanceBilan, ...]
    cadre: CadreBilan | None

    @property
    def a_des_roles(self) -> bool:
        return any(instance.role for instance in self.instances)


@dataclass(frozen=True)
class MembreEquipe:
    """One person of the team on the last day of the exercice."""

    nom: str
    role: str


@dataclass(frozen=True)
class Contexte:
    """What the year was like, and who worked."""

    texte: str
    equipe: tuple[MembreEquipe, ...]


@dataclass(frozen=True)
class LigneSieges:
    """How many seats of the comité have one kind (R3)."""

    nombre: int
    libelle: str


@dataclass(frozen=True)
class RegleBilan:
    """The thresholds in force on the last day of the exercice (R1)."""

    en_vigueur_du: datetime.date
    seuil_comite: Decimal
    seuil_assemblee: Decimal
    source: str


@dataclass(frozen=True)
class Processus:
    """How decisions are made."""

    texte: str
    sieges: tuple[LigneSieges, ...]
    regle: RegleBilan | None


@dataclass(frozen=True)
class MomentBilan:
    """One planned evaluation."""

    dimension: str
    instance: str
    frequence: str
    du: datetime.date
    au: datetime.date


@dataclass(frozen=True)
class CalendrierEvaluation:
    """One evaluation plan and its moments, in date order."""

    titre: str
    debut: datetime.date
    fin: datetime.date
    moments: tuple[MomentBilan, ...]


@dataclass(frozen=True)
class Planification:
    """How the démarche plans and evaluates itself."""

    texte: str
    plan_strategique: str
    calendrier: CalendrierEvaluation | None


@dataclass(frozen=True)
class PhotoBilan:
    """One public photo; `chemin` is where the store keeps it, and never changes for one content."""

    cle: str
    chemin: str
    type_contenu: str
    texte_alternatif: str


@dataclass(frozen=True)
class ActiviteBilan:
    """One dated entry of an action's logbook."""

    date: datetime.date
    titre: str
    nb_personnes: int
    est_estime: bool
    photo: PhotoBilan | None


@dataclass(frozen=True)
class ActionBilan:
    """One collective action and what it did in the exercice."""

    titre: str
    genre: str
    etat: str
    origine: str
    resume: str
    porteur: str
    partenaires: tuple[str, ...]
    territoire: str
    debut: datetime.date
    fin: datetime.date | None
    strategies: tuple[str, ...]
    activites: tuple[ActiviteBilan, ...]
    totaux: TotauxActivites


@dataclass(frozen=True)
class FinancementBilan:
    """Money of a bailleur for one action, and who manages it."""

    action: str
    bailleur: str
    gestionnaire: str
    montant: Decimal
    est_prevu: bool


@dataclass(frozen=True)
class ChantierBilan:
    """One chantier: objectives, meetings, actions, totals, money from outside.

    An empty name holds the actions without chantier.
    """

    nom: str
    description: str
    objectifs: tuple[str, ...]
    rencontres: tuple[datetime.date, ...]
    actions: tuple[ActionBilan, ...]
    totaux: TotauxActivites
    financements: tuple[FinancementBilan, ...]

    @property
    def total_financements(self) -> Decimal:
        return sum((f.montant for f in self.financements), Decimal(0))

    @property
    def photos(self) -> tuple[PhotoBilan, ...]:
        return tuple(a.photo for action in self.actions for a in action.activites if a.photo)


@dataclass(frozen=True)
class ActionsCollectives:
    """What was done together; `nb_reservees` actions are not public and are left out of the lists and totals."""

    texte: str
    chantiers: tuple[ChantierBilan, ...]
    totaux: TotauxActivites
    nb_reservees: int

    @property
    def actions(self) -> tuple[ActionBilan, ...]:
        return tuple(action for chantier in self.chantiers for action in chantier.actions)

    @property
    def nb_chantiers_actifs(self) -> int:
        return sum(1 for chantier in self.chantiers if chantier.nom and chantier.actions)

    @property
    def nb_sans_chantier(self) -> int:
        return sum(len(chantier.actions) for chantier in self.chantiers if not chantier.nom)


@dataclass(frozen=True)
class AssembleeBilan:
    """One assemblée and who came."""

    titre: str
    date: datetime.date
    nb_personnes: int
    nb_organisations: int


@dataclass(frozen=True)
class Partenariats:
    """Who took part."""

    texte: str
    assemblees: tuple[AssembleeBilan, ...]
    concertations: tuple[str, ...]
    adhesions_formelles: int
    adhesions_tacites: int

    @property
    def ecart_personnes(self) -> int:
        """Last assemblée minus the first."""
        return self.assemblees[-1].nb_personnes - self.assemblees[0].nb_personnes

    @property
    def ecart_organisations(self) -> int:
        return self.assemblees[-1].nb_organisations - self.assemblees[0].nb_organisations


@dataclass(frozen=True)
class MesureBilan:
    """One dated value; `debut_periode` when it holds over a period."""

    valeur: Decimal
    date: datetime.date
    debut_periode: datetime.date | None
    est_estimee: bool
    est_prevue: bool
    source: str


@dataclass(frozen=True)
class IndicateurBilan:
    """One thing measured, with its growth from the first to the last realised value (R16)."""

    nom: str
    unite: str
    description: str
    mesures: tuple[MesureBilan, ...]
    ecart: Decimal | None
    taux: Decimal | None

    @property
    def realisees(self) -> tuple[MesureBilan, ...]:
        return tuple(m for m in self.mesures if not m.est_prevue)


@dataclass(frozen=True)
class Communications:
    texte: str
    indicateurs: tuple[IndicateurBilan, ...]


@dataclass(frozen=True)
class CollaborationBilan:
    """One regional event, community of practice or common project."""

    titre: str
    genre: str
    debut: datetime.date
    fin: datetime.date | None
    organisateur: str
    description: str


@dataclass(frozen=True)
class Representations:
    texte: str
    collaborations: tuple[CollaborationBilan, ...]


@dataclass(frozen=True)
class PrevisionBilan:
    """One figure forecast for after the exercice."""

    nom: str
    unite: str
    valeur: Decimal
    du: datetime.date
    au: datetime.date
    est_estimee: bool


@dataclass(frozen=True)
class Perspectives:
    """What comes next: forecasts, and the chantiers and local concertations that the démarche links."""

    texte: str
    previsions: tuple[PrevisionBilan, ...]
    chantiers: tuple[str, ...]
    concertations: tuple[str, ...]


@dataclass(frozen=True)
class ResultatExercice:
    """The surplus, or the deficit when negative, of one exercice."""

    exercice: str
    montant: Decimal
    source: str


@dataclass(frozen=True)
class AffectationBilan:
    """One planned use of the sums set aside; without amount when it is not decided."""

    periode: str
    libelle: str
    montant: Decimal | None
    precision: str


@dataclass(frozen=True)
class Sommes:
    """What is set aside and what for (R9); totals computed when the bilan is composed."""

    texte: str
    solde_ouverture: Decimal
    resultats: tuple[ResultatExercice, ...]
    total: Decimal
    arrete_au: datetime.date  # last day of the last exercice whose result is known
    affectations: tuple[AffectationBilan, ...]
    total_affecte: Decimal
    reste: Decimal


@dataclass(frozen=True)
class CibleBilan:
    """One target of the exercice, its status (R14) and its evidence."""

    numero: int
    enonce: str
    statut: str
    libelle_statut: str
    ton: str
    suite: str
    comparaison: str
    resultats: tuple[str, ...]


@dataclass(frozen=True)
class EffetBilan:
    """The résultats transitoires seen in one domaine."""

    domaine: str
    resultats: tuple[str, ...]


@dataclass(frozen=True)
class StrategieBilan:
    """One strategy: its targets of the exercice and its effects (R15); `sans_effet` says why none is named."""

    code: str
    enonce: str
    cibles: tuple[CibleBilan, ...]
    effets: tuple[EffetBilan, ...]
    sans_effet: str
    precision: str


@dataclass(frozen=True)
class OrientationBilan:
    """One orientation of the plan with its strategies."""

    numero: int
    titre: str
    strategies: tuple[StrategieBilan, ...]


@dataclass(frozen=True)
class CompteBilan:
    """How many targets have one status."""

    statut: str
    libelle: str
    nombre: int


@dataclass(frozen=True)
class Synthese:
    texte: str
    orientations: tuple[OrientationBilan, ...]
    comptes: tuple[CompteBilan, ...]
    total: int

    @property
    def nb_strategies(self) -> int:
        return sum(len(o.strategies) for o in self.orientations)

    @property
    def nb_atteintes(self) -> int:
        return sum(c.nombre for c in self.comptes if c.statut in {"atteinte", "depassee"})


@dataclass(frozen=True)
class GroupePartenairesBilan:
    """The partners of one category, in alphabetical order."""

    titre: str
    noms: tuple[str, ...]


@dataclass(frozen=True)
class AnnexePartenaires:
    """Who is a partner on a day; citizens only with their consent (R11, R13)."""

    jour: datetime.date
    assemblee: str
    groupes: tuple[GroupePartenairesBilan, ...]
    citoyens: tuple[str, ...]
    nb_citoyens_non_publies: int
    nb_tacites: int
    nb_formelles: int
    total: int


@dataclass(frozen=True)
class TransitoireBilan:
    nom: str
    definition: str


@dataclass(frozen=True)
class DomaineBilan:
    """One domaine d’action with its résultats transitoires and their definitions."""

    numero: int
    nom: str
    resultats: tuple[TransitoireBilan, ...]


@dataclass(frozen=True)
class Cloture:
    """Thanks and funders."""

    remerciements: str
    partenaires_financiers: tuple[str, ...]


@dataclass(frozen=True)
class BilanCompose:
    """The whole bilan of one exercice, in the order of the document."""

    schema: int
    identite: Identite
    exercice: ExerciceBilan
    presentation: Presentation
    contexte: Contexte
    processus: Processus
    planification: Planification
    actions: ActionsCollectives
    partenariats: Partenariats
    communications: Communications
    representations: Representations
    perspectives: Perspectives
    sommes: Sommes
    synthese: Synthese
    annexe_partenaires: AnnexePartenaires
    annexe_effets: tuple[DomaineBilan, ...]
    cloture: Cloture


def copier(classe: type[T], source: Any, **autres: Any) -> T:
    """Return a dataclass filled from the attributes of `source` that bear the names of its fields, save `autres`."""
    noms = [champ.name for champ in dataclasses.fields(classe) if champ.name not in autres]  # type: ignore[arg-type]
    return classe(**{nom: getattr(source, nom) for nom in noms}, **autres)


def empreinte_donnees(donnees: Any) -> str:
    """Return the SHA-256 of the data as canonical JSON: the same whatever the order of the keys."""
    texte = json.dumps(donnees, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()
