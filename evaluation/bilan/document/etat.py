"""What each section of a bilan holds today, and where it is filled: the list of the team's page."""

from dataclasses import dataclass

from django.urls import reverse

from demarche.socle.francais import compter
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

    @property
    def est_remplie(self) -> bool:
        return not self.manque


def etat_des_sections(bilan: BilanCompose, *, gere_reglages: bool, est_clos: bool = False) -> tuple[EtatSection, ...]:
    """Return the sections in the order of the document; no query. A closed exercice is only read (R10).

    `gere_reglages`: whether the reader may open the settings; else what is written there has no address.
    """
    p, partenaires, effets = bilan.presentation, bilan.annexe_partenaires, bilan.annexe_effets
    return (
        EtatSection(
            "Présentation de la démarche",
            _enumerer(
                "mission",
                dire(len(p.objectifs), "objectif"),
                dire(len(p.vision), "énoncé de vision", "énoncés de vision"),
                dire(len(p.instances), "instance"),
            ),
            "" if p.objectifs and p.vision and p.instances else "les objectifs, la vision ou les instances",
            reverse("gouvernance:demarche_modifier") if gere_reglages else "",
            "Réglages de la démarche",
        ),
        *(_recit(bilan, section, contenus, est_clos) for section, contenus in _contenus(bilan).items()),
        EtatSection(
            "Annexe 1 – Liste des partenaires",
            dire(partenaires.total, "partenaire"),
            "" if partenaires.total else "les partenaires",
            f"{reverse('partenaires:partenaire_liste')}?date={partenaires.jour.isoformat()}",
            "Partenaires",
        ),
        EtatSection(
            "Annexe 2 – Résultats transitoires",
            dire(sum(len(d.resultats) for d in effets), "résultat transitoire", "résultats transitoires"),
            "" if effets else "les domaines et leurs résultats",
            reverse("plan:transitoire_liste") if gere_reglages else "",
            "Résultats transitoires",
        ),
    )


def _contenus(b: BilanCompose) -> dict[SectionNarrative, tuple[str, ...]]:
    """Return, for each section that has a text, what it holds apart from this text."""
    plan = b.planification.calendrier
    return {
        SectionNarrative.CONTEXTE: (dire(len(b.contexte.equipe), "membre de l’équipe", "membres de l’équipe"),),
        SectionNarrative.PROCESSUS: (
            dire(sum(ligne.nombre for ligne in b.processus.sieges), "siège"),
            "seuils d’allocation" if b.processus.regle else "",
        ),
        SectionNarrative.PLANIFICATION: (
            dire(len(plan.moments) if plan else 0, "moment d’évaluation", "moments d’évaluation"),
        ),
        SectionNarrative.ACTIONS: (
            dire(len(b.actions.actions), "action"),
            dire(b.actions.totaux.nb_activites, "activité"),
        ),
        SectionNarrative.PARTENARIATS: (dire(len(b.partenariats.assemblees), "assemblée"),),
        SectionNarrative.COMMUNICATIONS: (
            dire(len(b.communications.indicateurs), "indicateur mesuré", "indicateurs mesurés"),
        ),
        SectionNarrative.REPRESENTATIONS: (dire(len(b.representations.collaborations), "collaboration"),),
        SectionNarrative.PERSPECTIVES: (),
        SectionNarrative.SOMMES: (dire(len(b.sommes.affectations), "utilisation prévue", "utilisations prévues"),),
        SectionNarrative.SYNTHESE: (dire(b.synthese.nb_strategies, "stratégie"), dire(b.synthese.total, "cible")),
    }


def _recit(bilan: BilanCompose, section: SectionNarrative, contenus: tuple[str, ...], est_clos: bool) -> EtatSection:
    """Return the state of a section that has a text; only the text can be lacking."""
    # Each of these sections of the bilan bears the value of its SectionNarrative, and has a text.
    mots = len(getattr(bilan, section.value).texte.split())
    if est_clos:
        adresse, lien = reverse("bilan:narratif_liste"), "Lire le texte"
    else:
        adresse = reverse("bilan:narratif_modifier", args=[section.value])
        lien = "Modifier le texte" if mots else "Écrire le texte"
    return EtatSection(
        str(section.label),
        _enumerer(f"texte de {dire(mots, 'mot')}" if mots else "", *contenus),
        "" if mots else "le texte",
        f"{adresse}?exercice={bilan.exercice.code}",
        lien,
    )


def dire(nombre: int, singulier: str, pluriel: str = "") -> str:
    """Return « 3 actions », « 1 action », or nothing for zero."""
    return compter(nombre, singulier, pluriel) if nombre else ""


def _enumerer(*contenus: str) -> str:
    return ", ".join(filter(None, contenus))
