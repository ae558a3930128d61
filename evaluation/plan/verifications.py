"""Checks over the plan, the effects, and the measures of an exercice."""

import re
from collections.abc import Iterator
from itertools import groupby

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import Constat, PointDeCloture, Verification
from demarche.socle.templatetags.formats import date_longue
from evaluation.plan.enums import STATUTS_AVEC_PREUVE, NatureEffet, Realite, StatutCible
from evaluation.plan.models import Cible, EffetConstate, Mesure, Resultat, Strategie
from evaluation.plan.queries.plans import lire_cibles, strategies_de

# Pairs of words that are easily confused: a piece of evidence must count what its target aims at.
OPPOSES = (("formelle", "tacite"), ("ponctuelle", "structurante"))
SANS_SUITE_ACCEPTEE = frozenset({StatutCible.EN_COURS, StatutCible.ATTEINTE, StatutCible.DEPASSEE})
NOMBRE_ANNONCE = re.compile(r"\bau moins\s+\d+|\b\d+\s*%", re.IGNORECASE)
PLUSIEURS_PHRASES = re.compile(r"[.!?]\s+\S|;|\b1[.)]\s.*\b2[.)]\s", re.DOTALL)


def cibles_de(exercice: Exercice) -> list[Cible]:
    return list(lire_cibles().filter(exercice=exercice).order_by("strategie__objectif__orientation__numero", "pk"))


def nom(cible: Cible) -> str:
    """Return how a sentence names a target: its place, then its words."""
    return f"Stratégie {cible.strategie.code}, cible {cible.numero} (« {Truncator(cible.enonce).chars(80)} »)"


def cibles_sans_statut(exercice: Exercice) -> Iterator[Constat]:
    """Targets still under way when the exercice is over."""
    if exercice.fin >= timezone.localdate():
        return
    for cible in cibles_de(exercice):
        if cible.statut == StatutCible.EN_COURS:
            yield Constat("a_corriger", f"{nom(cible)} : toujours en cours.", cible.get_absolute_url())


def points_de_cloture(exercice: Exercice) -> Iterator[PointDeCloture]:
    """Targets without a status, before the exercice is closed; they do not prevent it (R10)."""
    nb = Cible.objects.filter(exercice=exercice, statut=StatutCible.EN_COURS).count()
    yield PointDeCloture(
        "Chaque cible a son statut",
        est_fait=nb == 0,
        precision=f"{nb} cibles toujours en cours" if nb >= 2 else "1 cible toujours en cours" if nb else "",
        url=f"{reverse('plan:plan')}?exercice={exercice.code}",
    )


def statuts_sans_preuve(exercice: Exercice) -> Iterator[Constat]:
    """A status that says something happened, without evidence (R14)."""
    for cible in cibles_de(exercice):
        if cible.statut in STATUTS_AVEC_PREUVE and not cible.resultats.all():
            statut = cible.get_statut_display().lower()
            yield Constat("bloquant", f"{nom(cible)} : {statut}, mais sans preuve.", cible.get_absolute_url())


def unites_differentes(exercice: Exercice) -> Iterator[Constat]:
    """Evidence that counts or names another thing than its target: adhésions tacites for adhésions formelles."""
    for cible in cibles_de(exercice):
        comparaison = cible.comparaison
        textes = " ".join(resultat.texte.lower() for resultat in cible.resultats.all())
        if comparaison.genre == "unite_differente":
            yield Constat("a_verifier", f"{nom(cible)} : {comparaison.phrase}.", cible.get_absolute_url())
        elif mots := _mots_opposes(cible.enonce.lower(), textes):
            phrase = f"{nom(cible)} : la cible dit « {mots[0]} », la preuve dit « {mots[1]} »."
            yield Constat("a_verifier", phrase, cible.get_absolute_url())


def _mots_opposes(enonce: str, preuve: str) -> tuple[str, str] | None:
    for couple in OPPOSES:
        for vise, obtenu in (couple, couple[::-1]):
            if vise in enonce and obtenu not in enonce and obtenu in preuve and vise not in preuve:
                return vise, obtenu
    return None


def statuts_contredits(exercice: Exercice) -> Iterator[Constat]:
    """A status that the numbers of the target contradict."""
    chiffres = {StatutCible.ATTEINTE, StatutCible.DEPASSEE, StatutCible.PARTIELLE, StatutCible.NON_ATTEINTE}
    for cible in cibles_de(exercice):
        comparaison = cible.comparaison
        if cible.statut in chiffres and comparaison.statut_propose and comparaison.statut_propose != cible.statut:
            statut = cible.get_statut_display().lower()
            phrase = f"{nom(cible)} : statut « {statut} », alors que {comparaison.phrase}."
            yield Constat("a_verifier", phrase, cible.get_absolute_url())


def cibles_composees(exercice: Exercice) -> Iterator[Constat]:
    """Targets that say several things: one status cannot fit them all."""
    for cible in cibles_de(exercice):
        if PLUSIEURS_PHRASES.search(cible.enonce.strip()):
            phrase = f"{nom(cible)} : plusieurs idées dans une cible. Faites-en une cible chacune."
            yield Constat("a_verifier", phrase, cible.get_absolute_url())


def nombres_non_saisis(exercice: Exercice) -> Iterator[Constat]:
    """Targets whose words announce a number that is not entered as one."""
    for cible in cibles_de(exercice):
        if cible.valeur_visee is None and NOMBRE_ANNONCE.search(cible.enonce):
            phrase = f"{nom(cible)} : un nombre est annoncé, mais pas saisi. Elle ne peut pas se comparer."
            yield Constat("a_verifier", phrase, reverse("plan:cible_modifier", args=[cible.pk]))


def cibles_sans_suite(exercice: Exercice) -> Iterator[Constat]:
    """Targets not fully reached, of which nobody said what comes next."""
    for cible in cibles_de(exercice):
        if cible.statut not in SANS_SUITE_ACCEPTEE | {StatutCible.NON_APPLICABLE} and not cible.suite:
            statut = cible.get_statut_display().lower()
            yield Constat("a_verifier", f"{nom(cible)} : {statut}, sans suite décidée.", cible.get_absolute_url())


def resultats_hors_exercice(exercice: Exercice) -> Iterator[Constat]:
    """Evidence dated outside the exercice."""
    dehors = Resultat.objects.filter(Q(date__lt=exercice.debut) | Q(date__gt=exercice.fin), cible__exercice=exercice)
    for resultat in dehors.select_related("cible__strategie__objectif__orientation"):
        phrase = f"{nom(resultat.cible)} : une preuve est datée du {date_longue(resultat.date)}, hors de l’exercice."
        yield Constat("a_verifier", phrase, reverse("plan:resultat_modifier", args=[resultat.pk]))


def _page_effets(strategie: Strategie, exercice: Exercice) -> str:
    return f"{reverse('plan:effets_modifier', args=[strategie.pk])}?exercice={exercice.code}"


def strategies_sans_effets(exercice: Exercice) -> Iterator[Constat]:
    """Strategies of which nobody said what they changed (R15)."""
    notees = set(EffetConstate.objects.filter(exercice=exercice).values_list("strategie", flat=True))
    for strategie in strategies_de(exercice):
        if strategie.pk not in notees:
            phrase = f"Stratégie {strategie.code} : ses effets ne sont pas notés."
            yield Constat("a_corriger", phrase, _page_effets(strategie, exercice))


def effets_contradictoires(exercice: Exercice) -> Iterator[Constat]:
    """Effects said identified that name none, or the reverse (R15)."""
    effets = EffetConstate.objects.filter(exercice=exercice).annotate(nombre=Count("resultats_transitoires"))
    for effet in effets.select_related("strategie__objectif__orientation"):
        if (effet.nature == NatureEffet.IDENTIFIE) != bool(effet.nombre):
            dit = effet.get_nature_display().lower()
            phrase = (
                f"Stratégie {effet.strategie.code} : « {dit} », mais {effet.nombre or 'aucun'} résultat transitoire."
            )
            yield Constat("bloquant", phrase, _page_effets(effet.strategie, exercice))


def mesures_sans_source(exercice: Exercice) -> Iterator[Constat]:
    """Figures of which one does not know where they come from (R16)."""
    mesures = Mesure.objects.filter(date__range=(exercice.debut, exercice.fin), source="")
    for mesure in mesures.select_related("indicateur"):
        phrase = f"{mesure.indicateur}, {date_longue(mesure.date)} : la valeur n’a pas de source."
        yield Constat("a_corriger", phrase, reverse("plan:mesure_modifier", args=[mesure.pk]))


def deux_valeurs_le_meme_jour(exercice: Exercice) -> Iterator[Constat]:
    """Two realised values of one indicator on one day (R16)."""
    mesures = (
        Mesure.objects.filter(date__range=(exercice.debut, exercice.fin), realite=Realite.REALISEE)
        .select_related("indicateur")
        .order_by("indicateur", "date", "pk")
    )
    for (indicateur, jour), lot in groupby(mesures, key=lambda m: (m.indicateur, m.date)):
        valeurs = [mesure.valeur_ecrite for mesure in lot]
        if len(set(valeurs)) > 1:
            phrase = f"{indicateur}, {date_longue(jour)} : deux valeurs pour le même jour ({' et '.join(valeurs)})."
            yield Constat("a_corriger", phrase, reverse("plan:indicateur_detail", args=[indicateur.pk]))


VERIFICATIONS = (
    Verification("statut_sans_preuve", "Cibles dont le statut n’a pas de preuve", statuts_sans_preuve),
    Verification("effet_contradictoire", "Effets qui se contredisent", effets_contradictoires),
    Verification("cible_sans_statut", "Cibles encore en cours après l’exercice", cibles_sans_statut),
    Verification("strategie_sans_effet", "Stratégies dont les effets ne sont pas notés", strategies_sans_effets),
    Verification("mesure_sans_source", "Mesures sans source", mesures_sans_source),
    Verification("deux_valeurs", "Deux valeurs d’un indicateur le même jour", deux_valeurs_le_meme_jour),
    Verification("unite_differente", "Preuves qui ne comptent pas ce que vise la cible", unites_differentes),
    Verification("statut_contredit", "Statuts que les nombres contredisent", statuts_contredits),
    Verification("cible_composee", "Cibles qui disent plusieurs choses", cibles_composees),
    Verification("nombre_non_saisi", "Nombres annoncés, mais pas saisis", nombres_non_saisis),
    Verification("cible_sans_suite", "Cibles non atteintes sans suite décidée", cibles_sans_suite),
    Verification("resultat_hors_exercice", "Preuves datées hors de l’exercice", resultats_hors_exercice),
)
