"""Render: dataclasses → HTML → PDF. Same data, same bytes."""

import datetime
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from demarche.socle.couleurs import jetons
from demarche.socle.donnees_figees import vers_json
from demarche.socle.pdf import lire_statique, render_pdf
from evaluation.bilan.document.donnees import BilanCompose, StrategieBilan, empreinte_donnees
from evaluation.bilan.document.figures import dessiner_figures, motif_activites
from evaluation.bilan.document.photos import PAR_CHANTIER, lire_photos

LIGNES_PAR_PAGE = 26  # of the synthesis, on a landscape page


@dataclass(frozen=True)
class Mention:
    """What the document says of itself: a draft, or a published version and its day."""

    numero: int = 0
    jour: datetime.date | None = None

    @property
    def est_brouillon(self) -> bool:
        return self.numero == 0

    @property
    def libelle(self) -> str:
        return "Brouillon" if self.est_brouillon else f"Version {self.numero}"


BROUILLON = Mention()


@dataclass(frozen=True)
class EntreeSommaire:
    """One line of the table of contents."""

    ancre: str
    titre: str
    niveau: int


def sommaire(bilan: BilanCompose) -> list[EntreeSommaire]:
    """Return the table of contents, in the order of the document."""
    entrees = [
        ("chiffres", f"L’année {bilan.exercice.code} en chiffres", 1),
        ("presentation", "Présentation de la démarche", 1),
        ("contexte", "Mise en contexte", 1),
        ("processus", "Processus et apprentissages", 1),
        ("planification", "Planification stratégique et évaluation", 1),
        ("actions", "Actions collectives", 1),
        *((f"chantier-{i}", titre_chantier(c.nom), 2) for i, c in enumerate(bilan.actions.chantiers, start=1)),
        ("actions-totaux", "Totaux de l’exercice", 2),
        ("mobilisation", "État de la mobilisation et collaborations", 1),
        ("partenariats", "Partenariats", 2),
        ("communications", "Communications", 2),
        ("representations", "Représentations et collaborations régionales", 2),
        ("perspectives", "Perspectives", 1),
        ("sommes", "Utilisation des sommes résiduelles", 1),
        ("synthese", "Synthèse des résultats", 1),
        ("annexe-1", "Annexe 1 – Les partenaires", 1),
        ("annexe-2", "Annexe 2 – Les résultats transitoires en bref", 1),
        ("remerciements", "Remerciements", 1),
    ]
    return [EntreeSommaire(*entree) for entree in entrees]


def titre_chantier(nom: str) -> str:
    """Return « Chantier Logement »; a name that already says « chantier » is left alone."""
    if not nom:
        return "Autres actions collectives"
    return nom if nom.lower().startswith("chantier") else f"Chantier {nom}"


def est_longue(strategie: StrategieBilan) -> bool:
    """Return whether the rows of a strategy may be too tall for one landscape page, and must be able to break."""
    hauteur = sum(
        max(len(c.enonce) / 40, sum(len(r) / 45 + 1 for r in c.resultats) + len(c.comparaison) / 45) + 2
        for c in strategie.cibles
    )
    effets = sum(len(e.domaine) / 38 + sum(len(r) / 36 + 1 for r in e.resultats) + 1 for e in strategie.effets)
    return max(hauteur, len(strategie.enonce) / 38, effets + len(strategie.precision) / 38) > LIGNES_PAR_PAGE


def contexte(bilan: BilanCompose, mention: Mention) -> dict[str, Any]:
    """Return what the template reads."""
    couleurs = jetons(bilan.identite.couleur)
    return {
        "bilan": bilan,
        "orientations": [(o, [(s, est_longue(s)) for s in o.strategies]) for o in bilan.synthese.orientations],
        "chantiers": [
            {
                "ancre": f"chantier-{rang}",
                "titre": titre_chantier(chantier.nom),
                "chantier": chantier,
                "photos": chantier.photos[:PAR_CHANTIER],
            }
            for rang, chantier in enumerate(bilan.actions.chantiers, start=1)
        ],
        "figures": dessiner_figures(bilan, couleur=couleurs["couleur"]),
        "motif": motif_activites(bilan),
        "sommaire": sommaire(bilan),
        "mention": mention,
        "vide": f"Rien n’a été inscrit dans cette section pour l’exercice {bilan.exercice.code}.",
    }


def rendre_html(bilan: BilanCompose, mention: Mention = BROUILLON) -> str:
    """Return the body of the document."""
    return render_to_string("pdf/bilan.html", contexte(bilan, mention))


def rendre_pdf(bilan: BilanCompose, mention: Mention = BROUILLON) -> bytes:
    """Return the PDF of one bilan; a published one carries its number and its day.

    Errors: ErreurMetier for a photo that is gone; RessourceRefusee, DiagrammeImpossible when the machine lacks a part.
    """
    return render_pdf(
        rendre_html(bilan, mention),
        titre=f"{bilan.identite.nom} – Bilan {bilan.exercice.code}",
        auteur=bilan.identite.nom,
        jetons=jetons(bilan.identite.couleur),
        images=lire_photos(bilan),
    )


@lru_cache(maxsize=1)
def empreinte_gabarits() -> str:
    """Return the digest of what draws the document, so that a draft is made again when the drawing changes."""
    condense = hashlib.sha256(lire_statique("css/pdf.css"))
    for dossier in (settings.BASE_DIR / "templates" / "pdf", Path(__file__).parent):
        for chemin in sorted(p for p in dossier.rglob("*") if p.suffix in {".html", ".py"}):
            condense.update(chemin.read_bytes())
    return condense.hexdigest()


def empreinte_brouillon(bilan: BilanCompose) -> str:
    """Return the digest of one state of the data and of the drawing."""
    return hashlib.sha256(f"{empreinte_donnees(vers_json(bilan))}{empreinte_gabarits()}".encode()).hexdigest()
