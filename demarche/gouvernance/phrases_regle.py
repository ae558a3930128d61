"""How an instance decides, in plain sentences: the same words on every page and in every document (R4, R5, R6)."""

from dataclasses import dataclass

from demarche.gouvernance.decompte import Decompte
from demarche.gouvernance.enums import GenreInstance, ModeDecision, RegleMajorite, RegleQuorum, SuiteRecusations
from demarche.gouvernance.models import InstanceGouvernance
from demarche.socle.francais import compter

PAR_DEFAUT = "Valeur par défaut, à confirmer par votre cadre de référence"
SIEGES, SIEGES_TOUS = "sièges pourvus et non récusés", "sièges pourvus, récusés compris"
PARTENAIRES, PARTENAIRES_TOUS = "partenaires en règle et non récusés", "partenaires en règle, récusés compris"
MAJORITES = {
    RegleMajorite.SIMPLE: "plus de pour que de contre; à égalité, ce n’est pas adopté",
    RegleMajorite.ABSOLUE: "plus de la moitié des voix reçues sont pour, abstentions comprises",
    RegleMajorite.DEUX_TIERS: "au moins deux pour sur trois, sans compter les abstentions",
    RegleMajorite.UNANIMITE: "au moins un pour et aucun contre",
    RegleMajorite.TOUS_POUR: "chaque voix appelée est pour; une seule qui manque, et ce n’est pas adopté",
}


@dataclass(frozen=True)
class PhraseRegle:
    """One value of a rule: what it is about, and what it says."""

    nom: str
    texte: str


@dataclass(frozen=True)
class RegleEcrite:
    """The rule of one instance in sentences, and where it comes from; without source, it is the tool's default."""

    phrases: tuple[PhraseRegle, ...]
    source: str

    @property
    def est_par_defaut(self) -> bool:
        return not self.source

    @property
    def mention(self) -> str:
        """Return what is said beside each value: its source, or that it is ours."""
        return f"Source : {self.source}" if self.source else PAR_DEFAUT


def ecrire_regle(
    instance_gouvernance: InstanceGouvernance, *, nb_voix: int | None = None, nb_ecartees: int = 0
) -> RegleEcrite:
    """Return how an instance decides, in sentences.

    nb_voix: how many voices it has today (seats filled, partners in good standing); None when that is not known.
    nb_ecartees: how many of them are already recused; they leave the count of a quorum that excludes them (R4).
    """
    instance, mode = instance_gouvernance, ModeDecision(instance_gouvernance.mode_decision)
    phrases = [PhraseRegle("Mode", phrase_mode(mode, instance.delai_jours))]
    if mode == ModeDecision.UNE_PERSONNE:
        phrases.append(PhraseRegle("Délai", f"une réponse en {compter(instance.delai_jours, 'jour')}"))
        return RegleEcrite(tuple(phrases), instance.source_regle)
    phrases.append(PhraseRegle("Quorum", phrase_quorum(instance, nb_voix, nb_ecartees)))
    phrases.append(PhraseRegle("Majorité", phrase_majorite(instance)))
    phrases.append(PhraseRegle("Récusations", phrase_recusations(instance)))
    qui = "nomme qui propose et qui appuie" if instance.nomme_proposeurs else "ne nomme ni qui propose ni qui appuie"
    phrases.append(PhraseRegle("Résolutions", f"le texte {qui}"))
    return RegleEcrite(tuple(phrases), instance.source_regle)


def phrase_mode(mode: ModeDecision, delai_jours: int) -> str:
    """Return how the instance answers, and for how long a remote ballot stays open."""
    delai = compter(delai_jours, "jour")
    return {
        ModeDecision.EN_LIGNE: f"scrutin en ligne, ouvert {delai}; chaque personne appelée vote seule",
        ModeDecision.MAIN_LEVEE: "vote compté en rencontre",
        ModeDecision.RESOLUTION_ECRITE: f"résolution écrite, à signer en ligne en {delai} par chaque voix appelée",
        ModeDecision.CONSULTATION: f"consultation en ligne, ouverte {delai}; une rencontre l’entérine ensuite",
        ModeDecision.UNE_PERSONNE: "la personne qui coordonne décide seule, jamais de sa propre demande",
    }[mode]


def phrase_quorum(instance_gouvernance: InstanceGouvernance, nb_voix: int | None, nb_ecartees: int = 0) -> str:
    """Return how many must take part, with today's numbers when they are known."""
    instance, regle = instance_gouvernance, instance_gouvernance.regle
    en_assemblee = instance.genre == GenreInstance.ASSEMBLEE
    quorum = RegleQuorum.TOUS if instance.mode_decision == ModeDecision.RESOLUTION_ECRITE else regle.quorum
    if nb_voix and quorum != RegleQuorum.MAJORITE_POURVUS:
        nb_voix -= nb_ecartees
    if quorum == RegleQuorum.AUCUN:
        return "aucun, une seule voix suffit"
    if quorum == RegleQuorum.NOMBRE:
        sur = f", sur {nb_voix} aujourd’hui" if nb_voix is not None else ""
        return f"au moins {regle.nombre or 1}\u00a0voix{sur}"
    voix, voix_tous = (PARTENAIRES, PARTENAIRES_TOUS) if en_assemblee else (SIEGES, SIEGES_TOUS)
    if en_assemblee and instance.mode_decision == ModeDecision.MAIN_LEVEE:
        # In the room, only those who are there are counted (`clore_par_nombre`).
        return "toutes les voix présentes" if quorum == RegleQuorum.TOUS else "plus de la moitié des voix présentes"
    if quorum == RegleQuorum.TOUS:
        return f"tous les {voix}" + (f", soit {nb_voix} aujourd’hui" if nb_voix else "")
    requis = Decompte(nb_voix or 0, 0, 0, 0, 0, regle=regle).quorum
    soit = f", soit {requis} sur {nb_voix} aujourd’hui" if nb_voix else ""
    return f"plus de la moitié des {voix if quorum == RegleQuorum.MAJORITE else voix_tous}{soit}"


def phrase_majorite(instance_gouvernance: InstanceGouvernance) -> str:
    """Return what makes an adoption; a written resolution needs every signature."""
    if instance_gouvernance.mode_decision == ModeDecision.RESOLUTION_ECRITE:
        return MAJORITES[RegleMajorite.TOUS_POUR]
    return MAJORITES[instance_gouvernance.regle.majorite]


def phrase_recusations(instance_gouvernance: InstanceGouvernance) -> str:
    """Return what happens when recusals make the quorum impossible; nothing stands above the assemblée."""
    monte = instance_gouvernance.suite_recusations == SuiteRecusations.INSTANCE_SUPERIEURE
    if monte and instance_gouvernance.genre != GenreInstance.ASSEMBLEE:
        return "si elles empêchent le quorum, la demande passe à l’instance au-dessus"
    return "si elles empêchent le quorum, la coordination ouvre un nouveau scrutin"
