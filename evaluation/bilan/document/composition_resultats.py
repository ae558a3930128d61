"""Compose what was obtained: the sums set aside and the synthesis of the results."""

from itertools import groupby

from chantiers.finances.queries.budget import sommes_residuelles
from demarche.gouvernance.models import Exercice
from evaluation.bilan.document.donnees import (
    AffectationBilan,
    CibleBilan,
    CompteBilan,
    EffetBilan,
    OrientationBilan,
    ResultatExercice,
    Sommes,
    StrategieBilan,
    Synthese,
)
from evaluation.plan.enums import NatureEffet
from evaluation.plan.queries.plans import LigneCible, LigneSynthese, compte_statuts, synthese


def composer_sommes(exercice: Exercice, *, texte: str) -> Sommes:
    """Return the sums set aside on the last day and their planned uses (R9)."""
    sommes = sommes_residuelles(exercice)
    return Sommes(
        texte=texte,
        solde_ouverture=sommes.solde_ouverture,
        resultats=tuple(ResultatExercice(r.exercice.code, r.montant, r.source) for r in sommes.resultats),
        total=sommes.total,
        arrete_au=sommes.arrete_au,
        affectations=tuple(
            AffectationBilan(a.periode, a.libelle, a.montant, a.precision) for a in sommes.affectations
        ),
        total_affecte=sommes.total_affecte,
        reste=sommes.reste,
    )


def composer_synthese(exercice: Exercice, *, texte: str) -> Synthese:
    """Return the strategies of the plan by orientation, with the counts of the statuses."""
    comptes = compte_statuts(exercice)
    orientations = groupby(synthese(exercice), key=lambda ligne: (ligne.orientation_pk, ligne.orientation_numero))
    return Synthese(
        texte=texte,
        orientations=tuple(_orientation(list(lignes)) for _, lignes in orientations),
        comptes=tuple(CompteBilan(c.statut, c.libelle, c.nombre) for c in comptes.comptes),
        total=comptes.total,
    )


def _orientation(lignes: list[LigneSynthese]) -> OrientationBilan:
    return OrientationBilan(
        lignes[0].orientation_numero, lignes[0].orientation, tuple(_strategie(ligne) for ligne in lignes)
    )


def _strategie(ligne: LigneSynthese) -> StrategieBilan:
    effet = ligne.effet
    identifie = effet is not None and effet.nature == NatureEffet.IDENTIFIE
    return StrategieBilan(
        code=ligne.code,
        enonce=ligne.enonce,
        cibles=tuple(_cible(cible) for cible in ligne.cibles),
        effets=tuple(EffetBilan(d.nom, d.resultats_transitoires) for d in effet.domaines)
        if effet and identifie
        else (),
        sans_effet=effet.libelle_nature if effet and not identifie else "",
        precision=effet.precision if effet else "",
    )


def _cible(cible: LigneCible) -> CibleBilan:
    return CibleBilan(
        numero=cible.numero,
        enonce=cible.enonce,
        statut=cible.statut,
        libelle_statut=cible.libelle_statut,
        ton=cible.ton,
        suite=cible.libelle_suite,
        comparaison=cible.comparaison.phrase if cible.comparaison.genre == "comparee" else "",
        resultats=tuple(resultat.texte for resultat in cible.resultats),
    )
