"""What the vérificateur finds in the money of an exercice."""

from collections.abc import Iterable

from django.db.models import F
from django.urls import reverse

from chantiers.actions.queries.suivi import actions_a_completer
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import SANS_SUITE
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.engagements import etat_surplus
from chantiers.finances.queries.budget import SUIVIES, sommes_residuelles
from chantiers.finances.queries.decaissements import concordance
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import Constat, Verification
from demarche.socle.francais import ecrire_dollars


def adresse_budget(ligne: LigneBudgetaire, exercice: Exercice) -> str:
    """Return the page where a line is written."""
    if ligne.action_collective_id is None:
        return f"{reverse('finances:budget_demarche')}?exercice={exercice.code}"
    return f"{reverse('finances:action_budget', args=[ligne.action_collective_id])}?exercice={exercice.code}"


def actions_sans_budget(exercice: Exercice) -> Iterable[Constat]:
    """An action under way in the exercice, without any line of budget."""
    for action in actions_a_completer(exercice, "sans_budget"):
        url = f"{reverse('finances:action_budget', args=[action.pk])}?exercice={exercice.code}"
        yield Constat("a_verifier", f"« {action} » n’a aucune ligne de budget dans l’exercice {exercice}.", url)


def fonds_sans_gestionnaire(exercice: Exercice) -> Iterable[Constat]:
    """Money from a bailleur without saying who manages it."""
    lignes = LigneBudgetaire.objects.filter(exercice=exercice, gestionnaire="").exclude(bailleur="")
    for ligne in lignes:
        phrase = f"« {ligne} » : on ne dit pas qui gère les fonds de {ligne.bailleur}."
        yield Constat("a_corriger", phrase, adresse_budget(ligne, exercice))


def lignes_sans_reel(exercice: Exercice) -> Iterable[Constat]:
    """An expense planned and never confirmed, that no granted request pays: the real total leaves it out."""
    lignes = LigneBudgetaire.objects.filter(
        exercice=exercice, nature=NatureLigne.DEPENSE, montant_reel__isnull=True, montant_prevu__gt=0
    ).exclude(SUIVIES)
    for ligne in lignes:
        phrase = f"« {ligne} » : {ecrire_dollars(ligne.montant_prevu)} prévus, montant réel inconnu."
        yield Constat("a_verifier", phrase, adresse_budget(ligne, exercice))


def surplus(exercice: Exercice) -> Iterable[Constat]:
    """Sommes résiduelles whose uses do not account for every dollar, or exceed what there is (R9)."""
    sommes = sommes_residuelles(exercice)
    url = f"{reverse('finances:surplus')}?exercice={exercice.code}"
    if not sommes.resultat_connu:
        yield Constat("a_corriger", f"Le surplus ou le déficit de l’exercice {exercice} n’est pas inscrit.", url)
    if sommes.reste > 0:
        yield Constat("a_verifier", f"{ecrire_dollars(sommes.reste)} de côté n’ont aucun usage prévu.", url)
    elif sommes.reste < 0:
        phrase = f"Les usages prévus dépassent de {ecrire_dollars(-sommes.reste)} ce qui est de côté."
        yield Constat("bloquant", phrase, url)


def surplus_engage(exercice: Exercice) -> Iterable[Constat]:
    """Envelopes of the surplus that exceed, together, what is set aside (R9)."""
    etat = etat_surplus()
    if etat.depassement:
        phrase = (
            f"Les enveloppes du surplus demandent {ecrire_dollars(etat.a_couvrir)}, alors que les sommes résiduelles "
            f"sont de {ecrire_dollars(etat.total)}."
        )
        yield Constat("bloquant", phrase, reverse("finances:enveloppe_liste"))


def argent_concorde(exercice: Exercice) -> Iterable[Constat]:
    """Payments that do not add up the same way everywhere; an envelope that commits other than its rows (R8)."""
    for ecart in concordance().ecarts:
        yield Constat("bloquant", ecart, reverse("finances:decaissement_livre"))


def lignes_reliees(exercice: Exercice) -> Iterable[Constat]:
    """A request tied to a line that is not an expense of its action, or whose real amount was typed as well."""
    demandes = DemandeFonds.objects.filter(exercice=exercice, ligne_budgetaire__isnull=False).exclude(
        etat__in=SANS_SUITE
    )
    for demande in demandes.select_related("ligne_budgetaire"):
        ligne = demande.ligne_budgetaire
        assert ligne is not None  # noqa: S101 - filtered just above
        url = reverse("finances:demande_paiements", args=[demande.pk])
        de_la_sienne = (demande.action_collective_id, exercice.pk, NatureLigne.DEPENSE)
        if (ligne.action_collective_id, ligne.exercice_id, ligne.nature) != de_la_sienne:
            phrase = f"« {demande} » est reliée à « {ligne} », qui n’est pas une dépense de son action cette année-là."
            yield Constat("a_corriger", phrase, url)
        elif ligne.montant_reel is not None:
            phrase = f"« {ligne} » a un montant réel écrit à la main; le budget ne retient que ce qui est payé."
            yield Constat("a_corriger", phrase, adresse_budget(ligne, exercice))


def enveloppes_reservees(exercice: Exercice) -> Iterable[Constat]:
    """A request that an envelope reserved to another chantier pays or would pay."""
    demandes = DemandeFonds.objects.filter(exercice=exercice, enveloppe__chantier__isnull=False).exclude(
        action_collective__chantier=F("enveloppe__chantier")
    )
    for demande in demandes.select_related("enveloppe__chantier"):
        phrase = f"« {demande} » puise dans « {demande.enveloppe} », réservée à un autre chantier."
        yield Constat("a_corriger", phrase, demande.get_absolute_url())


VERIFICATIONS = (
    Verification("actions_sans_budget", "Chaque action en cours a son budget", actions_sans_budget),
    Verification("fonds_sans_gestionnaire", "Tout argent d’un bailleur a son gestionnaire", fonds_sans_gestionnaire),
    Verification("lignes_sans_reel", "Chaque dépense prévue a son montant réel", lignes_sans_reel),
    Verification("surplus", "Chaque dollar de côté a un usage", surplus),
    Verification("surplus_engage", "Le surplus promis existe", surplus_engage),
    Verification("argent_concorde", "L’argent s’additionne de la même façon partout", argent_concorde),
    Verification("lignes_reliees", "Chaque demande paie une dépense de son action", lignes_reliees),
    Verification("enveloppes_reservees", "Une enveloppe réservée paie son chantier", enveloppes_reservees),
)
