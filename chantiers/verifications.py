"""What the vérificateur reads in this app: actions, activities and money of an exercice."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from demarche.champs import ecrire_date
from demarche.models import Exercice
from demarche.montants import ecrire_dollars
from demarche.registre import Constat, Verification, registre

from .enums import EtatAction, NatureLigne, TypeAction
from .models import ActionCollective, Activite, LigneBudgetaire
from .models.actions import dure_un_an
from .queries import actions_a_completer, sommes_residuelles, totaux_par_action
from .queries.cloture import points_de_cloture
from .queries.registre import DIRE, NOMMER
from .services.controles_registre import controler_decaissements, controler_deliberations, controler_demandes


def adresse_budget(ligne: LigneBudgetaire, exercice: Exercice) -> str:
    """Return the page where a line is written."""
    if ligne.action_collective_id is None:
        return f"{reverse('chantiers:budget_demarche')}?exercice={exercice.code}"
    return f"{reverse('chantiers:action_budget', args=[ligne.action_collective_id])}?exercice={exercice.code}"


def actions_sans_activite(exercice: Exercice) -> Iterable[Constat]:
    """An action under way or completed in the exercice, without anything noted in it."""
    notees = set(totaux_par_action(exercice))
    for action in ActionCollective.objects.de_l_exercice(exercice).filter(
        etat__in=[EtatAction.EN_COURS, EtatAction.COMPLETEE]
    ):
        if action.pk not in notees:
            url = reverse("chantiers:activite_nouvelle", args=[action.pk])
            yield Constat("a_verifier", f"« {action} » n’a aucune activité notée dans l’exercice {exercice}.", url)


def actions_sans_budget(exercice: Exercice) -> Iterable[Constat]:
    """An action under way in the exercice, without any line of budget."""
    for action in actions_a_completer(exercice, "sans_budget"):
        url = f"{reverse('chantiers:action_budget', args=[action.pk])}?exercice={exercice.code}"
        yield Constat("a_verifier", f"« {action} » n’a aucune ligne de budget dans l’exercice {exercice}.", url)


def durees(exercice: Exercice) -> Iterable[Constat]:
    """A ponctuelle of a year or more, a structurante of less (R17)."""
    for action in ActionCollective.objects.de_l_exercice(exercice).exclude(etat=EtatAction.ABANDONNEE):
        if action.fin is None:
            continue
        url = reverse("chantiers:action_modifier", args=[action.pk])
        longue = dure_un_an(action.debut, action.fin)
        if action.type_action == TypeAction.PONCTUELLE and longue:
            yield Constat("a_corriger", f"« {action} » est dite ponctuelle, mais dure un an ou plus.", url)
        elif action.type_action == TypeAction.STRUCTURANTE and not longue:
            yield Constat("a_verifier", f"« {action} » est dite structurante, mais dure moins d’un an.", url)


def activites_hors_exercice(exercice: Exercice) -> Iterable[Constat]:
    """An activity of an action of the exercice whose day belongs to no exercice: it is in no total."""
    contenant = Exercice.objects.filter(debut__lte=OuterRef("date"), fin__gte=OuterRef("date"))
    for activite in Activite.objects.filter(
        ~Exists(contenant), action_collective__in=ActionCollective.objects.de_l_exercice(exercice)
    ):
        url = reverse("chantiers:activite_modifier", args=[activite.pk])
        yield Constat(
            "a_corriger", f"« {activite} », {ecrire_date(activite.date)} : aucun exercice ne contient cette date.", url
        )


def activites_hors_action(exercice: Exercice) -> Iterable[Constat]:
    """An activity of the exercice noted before its action started, or after it ended."""
    for activite in (
        Activite.objects.de_l_exercice(exercice)
        .filter(Q(date__lt=F("action_collective__debut")) | Q(date__gt=F("action_collective__fin")))
        .select_related("action_collective")
    ):
        url = reverse("chantiers:activite_modifier", args=[activite.pk])
        phrase = (
            f"« {activite} », {ecrire_date(activite.date)}, tombe hors des dates de « {activite.action_collective} »."
        )
        yield Constat("a_verifier", phrase, url)


def nombres_estimes(exercice: Exercice) -> Iterable[Constat]:
    """An action whose people were all estimated, never counted: its total is an order of magnitude."""
    totaux = totaux_par_action(exercice)
    estimes = [
        cle for cle, t in totaux.items() if cle and t.nb_personnes and t.nb_personnes == t.nb_personnes_estimees
    ]
    for action in ActionCollective.objects.filter(pk__in=estimes):
        phrase = f"« {action} » : toutes les personnes rejointes sont estimées, aucune n’a été comptée."
        yield Constat("a_verifier", phrase, f"{action.get_absolute_url()}?exercice={exercice.code}")


def fonds_sans_gestionnaire(exercice: Exercice) -> Iterable[Constat]:
    """Money from a bailleur without saying who manages it."""
    lignes = LigneBudgetaire.objects.filter(exercice=exercice, gestionnaire="").exclude(bailleur="")
    for ligne in lignes:
        phrase = f"« {ligne} » : on ne dit pas qui gère les fonds de {ligne.bailleur}."
        yield Constat("a_corriger", phrase, adresse_budget(ligne, exercice))


def lignes_sans_reel(exercice: Exercice) -> Iterable[Constat]:
    """An expense planned and never confirmed: the real total leaves it out."""
    lignes = LigneBudgetaire.objects.filter(
        exercice=exercice, nature=NatureLigne.DEPENSE, montant_reel__isnull=True, montant_prevu__gt=0
    )
    for ligne in lignes:
        phrase = f"« {ligne} » : {ecrire_dollars(ligne.montant_prevu)} prévus, montant réel inconnu."
        yield Constat("a_verifier", phrase, adresse_budget(ligne, exercice))


def surplus(exercice: Exercice) -> Iterable[Constat]:
    """Sommes résiduelles whose uses do not account for every dollar, or exceed what there is (R9)."""
    sommes = sommes_residuelles(exercice)
    url = f"{reverse('chantiers:surplus')}?exercice={exercice.code}"
    if not sommes.resultat_connu:
        yield Constat("a_corriger", f"Le surplus ou le déficit de l’exercice {exercice} n’est pas inscrit.", url)
    if sommes.reste > 0:
        yield Constat("a_verifier", f"{ecrire_dollars(sommes.reste)} de côté n’ont aucun usage prévu.", url)
    elif sommes.reste < 0:
        phrase = f"Les usages prévus dépassent de {ecrire_dollars(-sommes.reste)} ce qui est de côté."
        yield Constat("bloquant", phrase, url)


registre.verifications += [
    Verification("actions_sans_activite", "Chaque action a ses activités", actions_sans_activite),
    Verification("actions_sans_budget", "Chaque action en cours a son budget", actions_sans_budget),
    Verification("durees", "Ponctuelle : moins d’un an; structurante : un an ou plus", durees),
    Verification("activites_hors_exercice", "Chaque activité est dans un exercice", activites_hors_exercice),
    Verification("activites_hors_action", "Chaque activité est dans les dates de son action", activites_hors_action),
    Verification("nombres_estimes", "Les personnes sont comptées, pas seulement estimées", nombres_estimes),
    Verification("fonds_sans_gestionnaire", "Tout argent d’un bailleur a son gestionnaire", fonds_sans_gestionnaire),
    Verification("lignes_sans_reel", "Chaque dépense prévue a son montant réel", lignes_sans_reel),
    Verification("surplus", "Chaque dollar de côté a un usage", surplus),
]

registre.controles_registre += [controler_decaissements, controler_deliberations, controler_demandes]
registre.points_de_cloture.append(points_de_cloture)
registre.objets_registre |= NOMMER
registre.phrases_registre |= DIRE
