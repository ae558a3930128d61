"""What waits for somebody in the app `chantiers`: to decide, to complete, to answer, to follow, to pay."""

import datetime
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from demarche.enums import MODES_A_DISTANCE, GenreInstance
from demarche.models import InstanceGouvernance, Utilisateur
from demarche.montants import ecrire_dollars
from demarche.permissions import est_coordonnateur, est_fiduciaire, peut_saisir
from demarche.queries import exercice_courant
from demarche.registre import Attente, registre

from .enums import EtatDemande
from .models import DemandeFonds, PrecisionDemande
from .queries import actions_a_completer
from .queries.decaissements import demandes_a_payer
from .services.agendas import dates_promises, points_en_attente
from .services.demandes import reevaluer_coordination
from .services.precisions import expirer_demandes

NB_ACTIONS = 5
NB_A_PAYER = 8
JOURS_AVANT_RAPPEL = 60  # an exercice just begun has nothing to be reproached with


def a_decider(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the submitted requests, each with its next step and its date."""
    if not est_coordonnateur(utilisateur):
        return
    soumises = DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).select_related("instance_gouvernance")
    points, dates = points_en_attente(soumises), dates_promises(soumises)
    for demande in soumises:
        instance, point = demande.instance_gouvernance, points.get(demande.pk)
        if instance is None:
            continue
        yield Attente(
            verbe="En rencontre" if point is not None else _verbe_de_decision(instance),
            libelle=demande.titre,
            url=demande.get_absolute_url(),
            echeance=dates.get(demande.pk),
        )


def _verbe_de_decision(instance: InstanceGouvernance) -> str:
    if instance.genre == GenreInstance.COORDINATION:
        return "À décider"
    return "Scrutin à ouvrir" if instance.mode_decision in MODES_A_DISTANCE else "À porter en rencontre"


def a_completer(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer one's own drafts."""
    for demande in DemandeFonds.objects.filter(etat=EtatDemande.BROUILLON, demandeur=utilisateur):
        yield Attente(verbe="À compléter", libelle=demande.titre, url=demande.get_absolute_url())


def a_repondre(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer one's own requests that a question stopped, with the day the answer is expected."""
    questions = PrecisionDemande.objects.filter(
        repondue_le__isnull=True,
        demande__etat=EtatDemande.PRECISIONS,
        demande__demandeur=utilisateur,
        avant_le__gte=timezone.localdate(),
    ).select_related("demande")
    for question in questions:
        url = reverse("chantiers:demande_repondre", args=[question.demande_id])
        yield Attente("À répondre", question.demande.titre, url, echeance=question.avant_le)


def a_suivre(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the team one line for the actions without activity and one for those without budget, later in the year."""
    exercice = exercice_courant()
    if exercice is None or exercice.est_clos or not peut_saisir(utilisateur):
        return
    if timezone.localdate() < exercice.debut + datetime.timedelta(days=JOURS_AVANT_RAPPEL):
        return
    for suivi, manque in (("sans_activite", "activité notée"), ("sans_budget", "budget")):
        actions = list(actions_a_completer(exercice, suivi)[: NB_ACTIONS + 1])
        if len(actions) == 1:
            yield Attente("À compléter", str(actions[0]), actions[0].get_absolute_url(), precision=f"Sans {manque}")
        elif actions:
            nombre = f"Plus de {NB_ACTIONS}" if len(actions) > NB_ACTIONS else str(len(actions))
            yield Attente(
                "À compléter",
                f"{nombre} actions en cours sans {manque}",
                f"{reverse('chantiers:action_liste')}?{urlencode({'suivi': suivi})}",
                precision=f"Exercice {exercice}",
            )


def a_payer(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the fiduciaire each grant with something left to pay, the oldest first; one line when there are many."""
    if not est_fiduciaire(utilisateur):
        return
    demandes = list(demandes_a_payer()[: NB_A_PAYER + 1])
    if len(demandes) > NB_A_PAYER:
        yield Attente("À payer", f"Plus de {NB_A_PAYER} demandes accordées", reverse("chantiers:decaissement_liste"))
        return
    for demande in demandes:
        yield Attente(
            "À payer",
            demande.titre,
            reverse("chantiers:demande_paiements", args=[demande.pk]),
            precision=f"Reste {ecrire_dollars(demande.montant_a_payer)}",
        )


registre.echeances += [expirer_demandes, reevaluer_coordination]
registre.attentes += [a_suivre, a_payer, a_decider, a_completer, a_repondre]
