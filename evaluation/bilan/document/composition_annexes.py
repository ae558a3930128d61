"""Compose the annexes: the partners on a day, and the résultats transitoires with their definitions."""

from collections.abc import Sequence

from demarche.gouvernance.models import Exercice
from evaluation.bilan.document.donnees import (
    AnnexePartenaires,
    AssembleeBilan,
    DomaineBilan,
    GroupePartenairesBilan,
    TransitoireBilan,
)
from evaluation.plan.models import DomaineAction
from partenaires.enums import ModeAdhesion
from partenaires.queries.liste import partenaires_en_date


def composer_annexe_partenaires(exercice: Exercice, *, assemblees: Sequence[AssembleeBilan]) -> AnnexePartenaires:
    """Return the partners on the day of the last assemblée of the exercice, else on its last day (R11)."""
    derniere = assemblees[-1] if assemblees else None
    jour = derniere.date if derniere else exercice.fin
    # Every citizen is read, to count them; only those who accepted to be named leave this function.
    liste = partenaires_en_date(jour, tous_les_noms=True)
    nommes = [citoyen for citoyen in liste.citoyens if citoyen.nom_public]
    modes = [o.mode for o in liste.organisations] + [c.mode for c in liste.citoyens]
    return AnnexePartenaires(
        jour=jour,
        assemblee=derniere.titre if derniere else "",
        groupes=tuple(GroupePartenairesBilan(g.titre, tuple(o.nom for o in g.organisations)) for g in liste.groupes),
        citoyens=tuple(f"{c.nom} ({c.precision})" if c.precision else c.nom for c in nommes),
        nb_citoyens_non_publies=len(liste.citoyens) - len(nommes),
        nb_tacites=modes.count(ModeAdhesion.TACITE),
        nb_formelles=modes.count(ModeAdhesion.FORMELLE),
        total=liste.total,
    )


def composer_annexe_effets() -> tuple[DomaineBilan, ...]:
    """Return the domaines d’action with their résultats transitoires; two queries."""
    return tuple(
        DomaineBilan(
            domaine.numero,
            domaine.nom,
            tuple(
                TransitoireBilan(r.nom, r.definition)
                for r in sorted(domaine.resultats_transitoires.all(), key=lambda r: r.numero)
            ),
        )
        for domaine in DomaineAction.objects.prefetch_related("resultats_transitoires")
    )
