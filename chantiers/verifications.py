"""What the vérificateur reads in this app: actions, activities and money of an exercice."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from demarche.champs import ecrire_date
from demarche.models import Exercice
from demarche.montants import ecrire_dollars
from demarche.registre import Constat, Verification, registre

from .enums import SANS_SUITE, EtatAction, NatureLigne, TypeAction
from .models import ActionCollective, Activite, DemandeFonds, LigneBudgetaire
from .models.actions import dure_un_an
from .queries import actions_a_completer, etat_surplus, sommes_residuelles, totaux_par_action
from .queries.budget import SUIVIES
from .queries.cloture import points_de_cloture
from .queries.decaissements import concordance
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
    url = f"{reverse('chantiers:surplus')}?exercice={exercice.code}"
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
        yield Constat("bloquant", phrase, reverse("chantiers:enveloppe_liste"))


def argent_concorde(exercice: Exercice) -> Iterable[Constat]:
    """Payments that do not add up the same way everywhere; an envelope that commits other than its rows (R8)."""
    for ecart in concordance().ecarts:
        yield Constat("bloquant", ecart, reverse("chantiers:decaissement_livre"))


def lignes_reliees(exercice: Exercice) -> Iterable[Constat]:
    """A request tied to a line that is not an expense of its action, or whose real amount was typed as well."""
    demandes = DemandeFonds.objects.filter(exercice=exercice, ligne_budgetaire__isnull=False).exclude(
        etat__in=SANS_SUITE
    )
    for demande in demandes.select_related("ligne_budgetaire"):
        ligne = demande.ligne_budgetaire
        assert ligne is not None  # noqa: S101 - filtered just above
        url = reverse("chantiers:demande_paiements", args=[demande.pk])
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
    Verification("surplus_engage", "Le surplus promis existe", surplus_engage),
    Verification("argent_concorde", "L’argent s’additionne de la même façon partout", argent_concorde),
    Verification("lignes_reliees", "Chaque demande paie une dépense de son action", lignes_reliees),
    Verification("enveloppes_reservees", "Une enveloppe réservée paie son chantier", enveloppes_reservees),
]

registre.controles_registre += [controler_decaissements, controler_deliberations, controler_demandes]
registre.points_de_cloture.append(points_de_cloture)
registre.objets_registre |= NOMMER
registre.phrases_registre |= DIRE
