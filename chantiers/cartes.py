"""What the app `chantiers` offers: menu entries, home cards, what waits, tabs."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from demarche.diagrammes import DiagrammeImpossible, schema_allocation
from demarche.diagrammes_etroits import schema_allocation_etroit
from demarche.enums import MODES_A_DISTANCE, GenreInstance
from demarche.models import Demarche, Document, InstanceGouvernance, Utilisateur
from demarche.montants import ecrire_dollars
from demarche.permissions import (
    est_coordonnateur,
    est_fiduciaire,
    peut_gerer_reglages,
    peut_saisir,
    peut_voir_decisions,
)
from demarche.queries import exercice_courant
from demarche.registre import (
    Attente,
    Carte,
    EntreeMenu,
    EtapeInstallation,
    LienReglage,
    Onglet,
    ValeurReglee,
    registre,
)
from demarche.services.electeurs import electeur_de

from . import (
    dossiers,  # noqa: F401 - registers what a dossier de siège says of money
    permissions,
)
from .actes import actes_des_demandes, argent_de_la_consultation
from .enums import EN_ATTENTE, EtatDemande
from .models import (
    ActionCollective,
    Activite,
    Deliberation,
    DemandeFonds,
    Enveloppe,
    PieceDemande,
    PrecisionDemande,
    RegleAllocation,
)
from .queries import actions_a_completer, actions_visibles, suivi_par_chantier, totaux_de_l_action
from .queries.decaissements import demandes_a_payer
from .services.points import points_en_attente
from .services.precisions import JOURS_AVANT_RAPPEL as JOURS_AVANT_RAPPEL_REPONSE
from .services.precisions import JOURS_POUR_REPONDRE

NB_ACTIVITES = 5
NB_A_PAYER = 8
JOURS_AVANT_RAPPEL = 60  # an exercice just begun has nothing to be reproached with


def toujours(utilisateur: Utilisateur) -> bool:
    return True


def voit_les_demandes(utilisateur: Utilisateur) -> bool:
    return peut_voir_decisions(utilisateur) or permissions.peut_demander(utilisateur)


def a_decider(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the submitted requests, each with its next step and its date."""
    if not est_coordonnateur(utilisateur):
        return
    soumises = DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).select_related("instance_gouvernance")
    points = points_en_attente(soumises)
    for demande in soumises:
        instance = demande.instance_gouvernance
        if instance is None or demande.soumise_le is None:
            continue
        point, echeance = points.get(demande.pk), None
        if point is not None:
            echeance = point.rencontre.date
        elif instance.genre != GenreInstance.ASSEMBLEE:
            echeance = timezone.localdate(demande.soumise_le) + datetime.timedelta(days=instance.delai_jours)
        yield Attente(
            verbe="En rencontre" if point is not None else _verbe_de_decision(instance),
            libelle=demande.titre,
            url=demande.get_absolute_url(),
            echeance=echeance,
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


def demandes_de_l_action(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the requests of one action, for those who see them."""
    if utilisateur is None or not isinstance(objet, ActionCollective) or not voit_les_demandes(utilisateur):
        return None
    demandes = objet.demandes.select_related("organisation", "instance_gouvernance", "exercice").order_by(
        "-soumise_le", "-pk"
    )
    appelees = permissions.demandes_appelees(utilisateur)
    visibles = [d for d in demandes if permissions.peut_voir_demande(utilisateur, d, appelees=appelees)]
    return {
        "demandes": visibles,
        "action": objet,
        "peut_demander": permissions.peut_demander(utilisateur),
        "voit_tout": peut_voir_decisions(utilisateur),
        "totaux": totaux_de_l_action(visibles) if peut_voir_decisions(utilisateur) else [],
    }


def demande_de_la_resolution(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the request a resolution decides on, for those who see it."""
    demande = DemandeFonds.objects.filter(resolution_id=objet.pk).select_related("action_collective").first()
    if demande is None or not permissions.peut_voir_demande(utilisateur, demande):
        return None
    return {"demande": demande}


def acces_aux_pieces(utilisateur: Utilisateur | None, document: Document) -> bool:
    """Let those who may read a request, and whoever is called to vote on it, open its attachments."""
    pieces = PieceDemande.objects.filter(document=document).select_related("demande")
    return any(
        permissions.peut_voir_demande(utilisateur, piece.demande) or est_appele(utilisateur, piece.demande)
        for piece in pieces
    )


def est_appele(utilisateur: Utilisateur | None, demande: DemandeFonds) -> bool:
    """Return whether this person has a voice at the last ballot held on a request."""
    scrutin = demande.scrutin
    return utilisateur is not None and scrutin is not None and electeur_de(scrutin, utilisateur) is not None


def carte_chantiers(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Return the active chantiers with what the public may read of their year, for the public home page."""
    exercice = exercice_courant()
    if exercice is None:
        return None
    groupes = [groupe for groupe in suivi_par_chantier(exercice, None) if groupe.chantier]
    return {"groupes": groupes, "exercice": exercice} if groupes else None


def carte_activites(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Return the last activities this person may read, for « Mon espace »."""
    activites = list(
        Activite.objects.filter(action_collective__in=actions_visibles(utilisateur))
        .select_related("action_collective")
        .order_by("-date", "-pk")[:NB_ACTIVITES]
    )
    return {"activites": activites, "peut_saisir": peut_saisir(utilisateur)} if activites else None


def a_suivre(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the team one line for the actions without activity and one for those without budget, later in the year."""
    exercice = exercice_courant()
    if exercice is None or exercice.est_clos or not peut_saisir(utilisateur):
        return
    if timezone.localdate() < exercice.debut + datetime.timedelta(days=JOURS_AVANT_RAPPEL):
        return
    for suivi, manque in (("sans_activite", "activité notée"), ("sans_budget", "budget")):
        actions = list(actions_a_completer(exercice, suivi)[: NB_ACTIVITES + 1])
        if len(actions) == 1:
            yield Attente("À compléter", str(actions[0]), actions[0].get_absolute_url(), precision=f"Sans {manque}")
        elif actions:
            nombre = f"Plus de {NB_ACTIVITES}" if len(actions) > NB_ACTIVITES else str(len(actions))
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


def etape_seuils(utilisateur: Utilisateur) -> EtapeInstallation:
    """Without a rule in force, no request can be submitted."""
    return EtapeInstallation(
        "Inscrire les seuils d’allocation",
        "Qui décide d’une demande de fonds, selon son montant : la coordination, le comité ou l’assemblée.",
        reverse("chantiers:regle_liste") if peut_gerer_reglages(utilisateur) else "",
        RegleAllocation.objects.filter(en_vigueur_du__lte=timezone.localdate()).exists(),
    )


def etape_enveloppe(utilisateur: Utilisateur) -> EtapeInstallation:
    """Without an envelope, no request can be granted."""
    return EtapeInstallation(
        "Inscrire une enveloppe",
        "L’argent où puiser : une demande accordée est toujours payée par une enveloppe.",
        reverse("chantiers:enveloppe_liste") if permissions.peut_voir_budget(utilisateur) else "",
        Enveloppe.objects.exists(),
    )


def fiches_des_scrutins(scrutins: Collection[int]) -> dict[int, str]:
    """Return the decision sheet of the requests that these ballots are about."""
    couples = Deliberation.objects.filter(scrutin__in=scrutins).values_list("scrutin_id", "demande_id")
    return {scrutin: reverse("chantiers:demande_fiche", args=[demande]) for scrutin, demande in couples}


def demandes_attendues(instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
    """Say how many requests wait for the decision of an instance, those that a question stopped included."""
    nb = instance_gouvernance.demandes.filter(etat__in=EN_ATTENTE).count()
    if nb:
        yield f"{nb} demandes de fonds" if nb >= 2 else "1 demande de fonds"


def allocation(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of governance who decides on a sum: the rule in force, and its drawing."""
    regle = RegleAllocation.objects.filter(en_vigueur_du__lte=timezone.localdate()).first()
    if utilisateur is None or regle is None:
        return None
    options: dict[str, Any] = {"seuil_comite": regle.seuil_comite, "seuil_assemblee": regle.seuil_assemblee}
    if isinstance(objet, Demarche) and objet.couleur:
        options["couleur"] = objet.couleur
    contexte: dict[str, Any] = {"regle": regle, "peut_gerer": peut_gerer_reglages(utilisateur)}
    contexte["etroit"] = schema_allocation_etroit(**options)
    try:
        return contexte | {"diagramme": schema_allocation(**options)}
    except DiagrammeImpossible:
        return contexte | {"diagramme": None}  # the diagram of governance has said why


def seuils_du_cadre(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of a version of the cadre de référence the thresholds that cite it."""
    if utilisateur is None or not peut_voir_decisions(utilisateur):
        return None
    regles = list(RegleAllocation.objects.filter(source__startswith=str(objet)))
    return {"regles": regles} if regles else None


def seuils_en_vigueur() -> Iterable[ValeurReglee]:
    """Say who decides on a sum, with the source of the thresholds, and what the tool decides by itself (R1, R4)."""
    regle = RegleAllocation.objects.filter(en_vigueur_du__lte=timezone.localdate()).first()
    groupe = "Demandes de fonds"
    if regle is not None:
        bas, haut = ecrire_dollars(regle.seuil_comite), ecrire_dollars(regle.seuil_assemblee)
        url = reverse("chantiers:regle_liste")
        for nom, texte in (
            ("La coordination décide", f"sous {bas}"),
            ("Le comité de pilotage décide", f"de {bas} à {haut} inclusivement"),
            ("L’assemblée des partenaires décide", f"au-delà de {haut}"),
        ):
            yield ValeurReglee(groupe, nom, texte, regle.source, url)
    yield ValeurReglee(groupe, "La demande de la coordination", "va au comité de pilotage, même sous le premier seuil")
    yield ValeurReglee(groupe, "Qui demande", "ne vote pas, ni personne au nom de son organisation")
    yield ValeurReglee(groupe, "Délai proposé pour répondre à une question", f"{JOURS_POUR_REPONDRE} jours")
    rappel = f"un rappel part {JOURS_AVANT_RAPPEL_REPONSE} jours avant; passé le jour, la demande expire"
    yield ValeurReglee(groupe, "Une question sans réponse", rappel)
    yield ValeurReglee(groupe, "Le signe sur un porteur", "ses demandes dépassent un seuil en douze mois")


registre.pages_de_scrutin.append(fiches_des_scrutins)
registre.actes_point.append(actes_des_demandes)
registre.attendus_de_l_instance.append(demandes_attendues)
registre.etapes_installation += [etape_seuils, etape_enveloppe]
registre.menu += [
    EntreeMenu("Agir", "Chantiers et actions", "chantiers:chantier_liste", "chantier", 10, toujours, ("/actions/",)),
    EntreeMenu(
        "Agir", "Journal des activités", "chantiers:activite_liste", "activite", 12, permissions.peut_voir_budget
    ),
    EntreeMenu("Agir", "Budget", "chantiers:budget", "argent", 14, permissions.peut_voir_budget),
    EntreeMenu("Agir", "Enveloppes", "chantiers:enveloppe_liste", "argent", 16, permissions.peut_voir_budget),
    EntreeMenu("Agir", "Paiements", "chantiers:decaissement_liste", "argent", 18, permissions.peut_voir_budget),
]
registre.menu_public.append(
    EntreeMenu("", "Chantiers et actions", "chantiers:chantier_liste", "chantier", 10, toujours, ("/actions/",))
)
registre.cartes += [
    Carte("accueil", "chantiers/_carte_chantiers.html", 10, carte_chantiers),
    Carte("espace", "chantiers/_carte_activites.html", 20, carte_activites),
]
registre.attentes += [a_suivre, a_payer]
registre.acces_documents += [permissions.photo_lisible, permissions.recu_lisible]
registre.reglages.append(
    LienReglage(
        "Règles d’allocation",
        "Les seuils qui disent qui décide d’une demande de fonds.",
        "chantiers:regle_liste",
        35,
        peut_gerer_reglages,
    )
)

registre.reglages.append(
    LienReglage(
        "Motifs de décision",
        "Les phrases toutes prêtes qui expliquent un accord, un refus ou une question.",
        "chantiers:motif_liste",
        37,
        permissions.peut_gerer_motifs,
    )
)
registre.menu.append(
    EntreeMenu("Décider", "Demandes de fonds", "chantiers:demande_liste", "demande", 20, voit_les_demandes)
)
registre.attentes += [a_decider, a_completer, a_repondre]
registre.valeurs.append(seuils_en_vigueur)
registre.onglets += [
    Onglet("demarche.cadre", "Seuils qui le citent", "chantiers/_seuils_du_cadre.html", 10, seuils_du_cadre),
    Onglet("demarche.gouvernance", "Qui décide d’une somme", "chantiers/_allocation.html", 10, allocation),
    Onglet("chantiers.action", "Demandes de fonds", "chantiers/_action_demandes.html", 10, demandes_de_l_action),
    Onglet("demarche.enterinement", "L’argent", "chantiers/_enterinement.html", 10, argent_de_la_consultation),
    Onglet("demarche.resolution", "La demande", "chantiers/_resolution_demande.html", 10, demande_de_la_resolution),
]
registre.acces_documents.append(acces_aux_pieces)
