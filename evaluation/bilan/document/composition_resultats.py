"""Compose what was obtained: the sums set aside, the synthesis of the results, the résultats transitoires."""

from itertools import groupby

from chantiers.finances.queries.budget import sommes_residuelles
from demarche.gouvernance.models import Exercice
from evaluation.bilan.document import donnees
from evaluation.plan.enums import NatureEffet
from evaluation.plan.models import Cible, DomaineAction
from evaluation.plan.queries.plans import LigneSynthese, compte_statuts, synthese


def composer_sommes(exercice: Exercice, *, texte: str) -> donnees.Sommes:
    """Return the sums set aside on the last day and their planned uses (R9)."""
    sommes = sommes_residuelles(exercice)
    return donnees.copier(
        donnees.Sommes,
        sommes,
        texte=texte,
        resultats=tuple(donnees.ResultatExercice(r.exercice.code, r.montant, r.source) for r in sommes.resultats),
        affectations=tuple(donnees.copier(donnees.AffectationBilan, a) for a in sommes.affectations),
    )


def composer_synthese(exercice: Exercice, *, texte: str) -> donnees.Synthese:
    """Return the strategies of the plan by orientation, with the counts of the statuses."""
    comptes = compte_statuts(exercice)
    orientations = groupby(synthese(exercice), key=lambda ligne: ligne.strategie.objectif.orientation)
    return donnees.Synthese(
        texte=texte,
        orientations=tuple(
            donnees.OrientationBilan(orientation.numero, orientation.titre, tuple(map(_strategie, lignes)))
            for orientation, lignes in orientations
        ),
        comptes=tuple(donnees.copier(donnees.CompteBilan, compte) for compte in comptes.comptes),
        total=comptes.total,
    )


def _strategie(ligne: LigneSynthese) -> donnees.StrategieBilan:
    effet = ligne.effet
    identifie = effet is not None and effet.nature == NatureEffet.IDENTIFIE
    return donnees.StrategieBilan(
        code=ligne.strategie.code,
        enonce=ligne.strategie.enonce,
        cibles=tuple(map(_cible, ligne.cibles)),
        effets=tuple(
            donnees.EffetBilan(domaine.nom, tuple(r.nom for r in resultats))
            for domaine, resultats in (effet.domaines if effet and identifie else ())
        ),
        sans_effet=effet.get_nature_display() if effet and not identifie else "",
        precision=effet.precision if effet else "",
    )


def _cible(cible: Cible) -> donnees.CibleBilan:
    comparaison = cible.comparaison
    return donnees.copier(
        donnees.CibleBilan,
        cible,
        libelle_statut=cible.get_statut_display(),
        suite=cible.get_suite_display(),
        comparaison=comparaison.phrase if comparaison.genre == "comparee" else "",
        resultats=tuple(resultat.texte for resultat in cible.resultats.all()),
    )


def composer_annexe_effets() -> tuple[donnees.DomaineBilan, ...]:
    """Return the domaines d’action with their résultats transitoires; two queries."""
    return tuple(
        donnees.DomaineBilan(
            domaine.numero,
            domaine.nom,
            tuple(
                donnees.copier(donnees.TransitoireBilan, r)
                for r in sorted(domaine.resultats_transitoires.all(), key=lambda r: r.numero)
            ),
        )
        for domaine in DomaineAction.objects.prefetch_related("resultats_transitoires")
    )
