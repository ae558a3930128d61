"""Compose the annexe of the partners (R11)."""

from collections.abc import Sequence

from demarche.gouvernance.models import Exercice
from evaluation.bilan.document import donnees
from partenaires.enums import ModeAdhesion
from partenaires.queries.liste import partenaires_en_date


def composer_annexe_partenaires(
    exercice: Exercice, *, assemblees: Sequence[donnees.AssembleeBilan]
) -> donnees.AnnexePartenaires:
    """Return the partners on the day of the last assemblée of the exercice, else on its last day (R11)."""
    derniere = assemblees[-1] if assemblees else None
    jour = derniere.date if derniere else exercice.fin
    # Every citizen is read, to count them; only those who accepted to be named leave this function.
    liste = partenaires_en_date(jour, tous_les_noms=True)
    nommes = [citoyen for citoyen in liste.citoyens if citoyen.nom_public]
    modes = [o.mode for o in liste.organisations] + [c.mode for c in liste.citoyens]
    return donnees.AnnexePartenaires(
        jour=jour,
        assemblee=derniere.titre if derniere else "",
        groupes=tuple(
            donnees.GroupePartenairesBilan(g.titre, tuple(o.nom for o in g.organisations)) for g in liste.groupes
        ),
        citoyens=tuple(f"{c.nom} ({c.precision})" if c.precision else c.nom for c in nommes),
        nb_citoyens_non_publies=len(liste.citoyens) - len(nommes),
        nb_tacites=modes.count(ModeAdhesion.TACITE),
        nb_formelles=modes.count(ModeAdhesion.FORMELLE),
        total=liste.total,
    )
