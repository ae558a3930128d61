"""What each section of a bilan holds today, and where it is filled: the list of the team's page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from demarche.socle.typographie import compter
from evaluation.bilan.document.donnees import BilanCompose
from evaluation.bilan.enums import SectionNarrative


@dataclass(frozen=True)
class EtatSection:
    """One section: what it has, what it lacks, and the page where each is written."""

    titre: str
    contenu: str
    manque: str
    url: str  # "" when the reader may not open that page
    libelle_lien: str
    est_recit: bool = False
    est_reglage: bool = False  # written in the settings, which not all who prepare the bilan may open

    @property
    def est_remplie(self) -> bool:
        return not self.manque


def dire(nombre: int, singulier: str, pluriel: str = "") -> str:
    """Return « 3 actions », « 1 action », or nothing for zero."""
    return compter(nombre, singulier, pluriel) if nombre else ""


def etat_des_sections(bilan: BilanCompose, *, gere_reglages: bool, est_clos: bool = False) -> tuple[EtatSection, ...]:
    """Return the sections in the order of the document; no query. A closed exercice is only read (R10).

    `gere_reglages`: whether the reader may open the settings; else what is written there has no address.
    """
    sections = tuple(_sections(bilan))
    if not gere_reglages:
        sections = tuple(replace(s, url="") if s.est_reglage else s for s in sections)
    if not est_clos:
        return sections
    lecture = f"{reverse('bilan:narratif_liste')}?exercice={bilan.exercice.code}"
    return tuple(replace(s, url=lecture, libelle_lien="Lire le texte") if s.est_recit else s for s in sections)


def _sections(b: BilanCompose) -> Iterator[EtatSection]:
    p, a, s = b.presentation, b.actions, b.synthese
    presentation = _section(
        "Présentation de la démarche",
        (
            "mission",
            dire(len(p.objectifs), "objectif"),
            dire(len(p.vision), "énoncé de vision", "énoncés de vision"),
            dire(len(p.instances), "instance"),
        ),
        "" if p.objectifs and p.vision and p.instances else "les objectifs, la vision ou les instances",
        reverse("gouvernance:reglages_demarche"),
        "Réglages de la démarche",
    )
    yield replace(presentation, est_reglage=True)
    yield _recit(
        b,
        SectionNarrative.CONTEXTE,
        b.contexte.texte,
        dire(len(b.contexte.equipe), "membre de l’équipe", "membres de l’équipe"),
    )
    yield _recit(
        b,
        SectionNarrative.PROCESSUS,
        b.processus.texte,
        dire(sum(ligne.nombre for ligne in b.processus.sieges), "siège"),
        "seuils d’allocation" if b.processus.regle else "",
    )
    plan = b.planification.calendrier
    yield _recit(
        b,
        SectionNarrative.PLANIFICATION,
        b.planification.texte,
        dire(len(plan.moments), "moment d’évaluation", "moments d’évaluation") if plan else "",
    )
    yield _recit(
        b,
        SectionNarrative.ACTIONS,
        a.texte,
        dire(len(a.actions), "action"),
        dire(a.totaux.nb_activites, "activité"),
    )
    yield _recit(
        b, SectionNarrative.PARTENARIATS, b.partenariats.texte, dire(len(b.partenariats.assemblees), "assemblée")
    )
    yield _recit(
        b,
        SectionNarrative.COMMUNICATIONS,
        b.communications.texte,
        dire(len(b.communications.indicateurs), "indicateur mesuré", "indicateurs mesurés"),
    )
    yield _recit(
        b,
        SectionNarrative.REPRESENTATIONS,
        b.representations.texte,
        dire(len(b.representations.collaborations), "collaboration"),
    )
    yield _recit(b, SectionNarrative.PERSPECTIVES, b.perspectives.texte)
    yield _recit(
        b,
        SectionNarrative.SOMMES,
        b.sommes.texte,
        dire(len(b.sommes.affectations), "utilisation prévue", "utilisations prévues"),
    )
    yield _recit(b, SectionNarrative.SYNTHESE, s.texte, dire(s.nb_strategies, "stratégie"), dire(s.total, "cible"))
    yield _section(
        "Annexe 1 – Liste des partenaires",
        (dire(b.annexe_partenaires.total, "partenaire"),),
        "" if b.annexe_partenaires.total else "les partenaires",
        f"{reverse('partenaires:partenaire_liste')}?date={b.annexe_partenaires.jour.isoformat()}",
        "Partenaires",
    )
    annexe = _section(
        "Annexe 2 – Résultats transitoires",
        (dire(sum(len(d.resultats) for d in b.annexe_effets), "résultat transitoire", "résultats transitoires"),),
        "" if b.annexe_effets else "les domaines et leurs résultats",
        reverse("plan:transitoire_liste"),
        "Résultats transitoires",
    )
    yield replace(annexe, est_reglage=True)


def _recit(bilan: BilanCompose, section: SectionNarrative, texte: str, *contenus: str) -> EtatSection:
    """Return the state of a section that has a text; only the text can be lacking."""
    mots = len(texte.split())
    etat = _section(
        str(section.label),
        (f"texte de {dire(mots, 'mot')}" if mots else "", *contenus),
        "" if mots else "le texte",
        f"{reverse('bilan:narratif_modifier', args=[section.value])}?exercice={bilan.exercice.code}",
        "Écrire le texte" if not mots else "Modifier le texte",
    )
    return replace(etat, est_recit=True)


def _section(titre: str, contenus: tuple[str, ...], manque: str, url: str, libelle: str) -> EtatSection:
    return EtatSection(titre, ", ".join(c for c in contenus if c), manque, url, libelle)
