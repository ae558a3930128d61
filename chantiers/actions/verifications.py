"""What the vérificateur finds in the actions and their activities."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from chantiers.actions.enums import EtatAction, TypeAction
from chantiers.actions.models import ActionCollective, Activite
from chantiers.actions.models.actions import dure_un_an
from chantiers.actions.queries.activites import totaux_par_action
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import Constat, Verification
from demarche.socle.francais import ecrire_date


def actions_sans_activite(exercice: Exercice) -> Iterable[Constat]:
    """An action under way or completed in the exercice, without anything noted in it."""
    notees = set(totaux_par_action(exercice))
    for action in ActionCollective.objects.de_l_exercice(exercice).filter(
        etat__in=[EtatAction.EN_COURS, EtatAction.COMPLETEE]
    ):
        if action.pk not in notees:
            url = reverse("actions:activite_creer", args=[action.pk])
            yield Constat("a_verifier", f"« {action} » n’a aucune activité notée dans l’exercice {exercice}.", url)


def durees(exercice: Exercice) -> Iterable[Constat]:
    """A ponctuelle of a year or more, a structurante of less (R17)."""
    for action in ActionCollective.objects.de_l_exercice(exercice).exclude(etat=EtatAction.ABANDONNEE):
        if action.fin is None:
            continue
        url = reverse("actions:action_modifier", args=[action.pk])
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
        url = reverse("actions:activite_modifier", args=[activite.pk])
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
        url = reverse("actions:activite_modifier", args=[activite.pk])
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


VERIFICATIONS = (
    Verification("actions_sans_activite", "Chaque action a ses activités", actions_sans_activite),
    Verification("durees", "Ponctuelle : moins d’un an; structurante : un an ou plus", durees),
    Verification("activites_hors_exercice", "Chaque activité est dans un exercice", activites_hors_exercice),
    Verification("activites_hors_action", "Chaque activité est dans les dates de son action", activites_hors_action),
    Verification("nombres_estimes", "Les personnes sont comptées, pas seulement estimées", nombres_estimes),
)
