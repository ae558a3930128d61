"""Who may do what with the requests; the button and the view ask the same predicate."""

from chantiers.demandes.enums import DECIDEES, MODIFIABLES, EtatDemande
from chantiers.demandes.models import DemandeFonds
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_equipe
from demarche.gouvernance.enums import MODES_A_DISTANCE, GenreInstance
from demarche.gouvernance.permissions import est_membre_comite, peut_voir_decisions
from demarche.scrutins.models import Scrutin
from partenaires.permissions import est_partenaire, organisations_de
from partenaires.queries.assemblee import partenaires_electeurs


def peut_demander(visiteur: Visiteur) -> bool:
    """True for the team, the comité and the partners."""
    return est_equipe(visiteur) or est_membre_comite(visiteur) or est_partenaire(visiteur)


def a_depose(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the person who wrote the request, and for those who speak for its organisation."""
    if not isinstance(visiteur, Utilisateur):
        return False
    if demande.demandeur_id == visiteur.pk:
        return True
    return demande.organisation_id is not None and demande.organisation_id in {
        o.pk for o in organisations_de(visiteur)
    }


def etats_visibles(visiteur: Visiteur) -> frozenset[str]:
    """Return the states in which a person sees the requests of others (design, section 5).

    The team sees all; the comité and the fiduciaire, all but the drafts; a partner, those decided.
    """
    if est_equipe(visiteur):
        return frozenset(EtatDemande.values)
    if peut_voir_decisions(visiteur):
        return frozenset(EtatDemande.values) - {EtatDemande.BROUILLON}
    return DECIDEES if est_partenaire(visiteur) else frozenset()


def demandes_appelees(visiteur: Visiteur) -> frozenset[int]:
    """Return the requests put to a ballot of the assemblée where this person speaks for a partner today (R6)."""
    if not isinstance(visiteur, Utilisateur):
        return frozenset()
    voix = partenaires_electeurs(visiteur).filter(electeur__scrutin__deliberation__isnull=False)
    return frozenset(voix.values_list("electeur__scrutin__deliberation__demande_id", flat=True))


def peut_voir_demande(visiteur: Visiteur, demande: DemandeFonds, *, appelees: frozenset[int] | None = None) -> bool:
    """True for its writers, for those who see the requests of that state, and for its electors at the assemblée.

    appelees: what `demandes_appelees` says, when a list has asked already.
    """
    if a_depose(visiteur, demande) or demande.etat in etats_visibles(visiteur):
        return True
    return est_electeur(visiteur, demande, appelees=appelees)


def est_electeur(visiteur: Visiteur, demande: DemandeFonds, *, appelees: frozenset[int] | None = None) -> bool:
    """True for those who speak today for a partner called to a ballot on this request; a draft has none."""
    if demande.etat == EtatDemande.BROUILLON:
        return False
    return demande.pk in (demandes_appelees(visiteur) if appelees is None else appelees)


def peut_voir_pieces(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for its writers, those who see every decision, and its electors: not for every partner once decided."""
    if a_depose(visiteur, demande):
        return True
    if peut_voir_decisions(visiteur):
        return demande.etat in etats_visibles(visiteur)
    return est_electeur(visiteur, demande)


def intervient(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True when this person acts on a submitted request of somebody else: the demandeur must receive a reason."""
    return demande.etat != EtatDemande.BROUILLON and not a_depose(visiteur, demande)


def peut_modifier_demande(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the writers and the team until the decision; during a ballot, the form says first what it cancels."""
    return demande.etat in MODIFIABLES and (est_equipe(visiteur) or a_depose(visiteur, demande))


def peut_retirer_demande(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    return demande.etat in MODIFIABLES and (est_coordonnateur(visiteur) or a_depose(visiteur, demande))


def peut_soumettre_demande(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the writers and the team; the service says whether the state allows it."""
    return est_equipe(visiteur) or a_depose(visiteur, demande)


def peut_interroger(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the coordination, while the request waits for the next step."""
    return est_coordonnateur(visiteur) and demande.etat == EtatDemande.SOUMISE


def peut_repondre(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the writers and the team, while a question waits; an expired request is answered late."""
    return demande.etat in {EtatDemande.PRECISIONS, EtatDemande.EXPIREE} and (
        est_equipe(visiteur) or a_depose(visiteur, demande)
    )


def peut_lire_lettre(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for its writers and those who see every decision, once the request is decided."""
    return demande.etat in DECIDEES and (peut_voir_decisions(visiteur) or a_depose(visiteur, demande))


def peut_gerer_motifs(visiteur: Visiteur) -> bool:
    """True for the coordination: the reasons that explain its decisions."""
    return est_coordonnateur(visiteur)


def _attend(visiteur: Visiteur, demande: DemandeFonds, *genres: GenreInstance) -> bool:
    """True for the coordination when a submitted request is for an instance of one of these kinds."""
    return (
        est_coordonnateur(visiteur)
        and demande.etat == EtatDemande.SOUMISE
        and demande.instance_gouvernance is not None
        and demande.instance_gouvernance.genre in genres
    )


def peut_decider_seul(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the coordination under the first threshold, never on one's own request (R4)."""
    return (
        isinstance(visiteur, Utilisateur)
        and _attend(visiteur, demande, GenreInstance.COORDINATION)
        and not a_depose(visiteur, demande)
    )


def peut_porter_en_rencontre(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the coordination when an instance decides: a vote in a meeting is always possible (R5)."""
    return _attend(visiteur, demande, GenreInstance.COMITE_PILOTAGE, GenreInstance.ASSEMBLEE)


def peut_ouvrir_deliberation(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the coordination when the instance that decides answers at a distance."""
    return (
        peut_porter_en_rencontre(visiteur, demande)
        and demande.instance_gouvernance is not None
        and demande.instance_gouvernance.mode_decision in MODES_A_DISTANCE
    )


def peut_voir_fiche(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True once the request is submitted, for those who see every decision; for a partner, while its last ballot, the
    one the sheet shows, is one of the assemblée that calls it: that of the comité names who sits there.
    """
    if demande.etat == EtatDemande.BROUILLON or not isinstance(visiteur, Utilisateur):
        return False
    if peut_voir_decisions(visiteur):
        return True
    scrutin = demande.scrutin
    return scrutin is not None and partenaires_electeurs(visiteur).filter(electeur__scrutin=scrutin).exists()


def actions_permises(
    visiteur: Visiteur, demande: DemandeFonds, *, scrutin: Scrutin | None, fige: bool
) -> frozenset[str]:
    """Return what this person may do with a request now.

    `scrutin` is its last ballot; `fige` is true while it waits for a ratification: nothing changes meanwhile.
    """
    modifie = peut_modifier_demande(visiteur, demande) and not fige
    droits = {
        "voir_pieces": peut_voir_pieces(visiteur, demande),
        "voir_fiche": scrutin is not None and peut_voir_fiche(visiteur, demande),
        "modifier": modifie,
        "joindre": modifie and demande.etat != EtatDemande.EN_DELIBERATION,
        "retirer": peut_retirer_demande(visiteur, demande) and not fige,
        "interroger": peut_interroger(visiteur, demande),
        "repondre": peut_repondre(visiteur, demande),
        "ouvrir": peut_ouvrir_deliberation(visiteur, demande),
        "porter": peut_porter_en_rencontre(visiteur, demande),
        "decider": peut_decider_seul(visiteur, demande),
        "lire_lettre": peut_lire_lettre(visiteur, demande),
    }
    return frozenset(verbe for verbe, permis in droits.items() if permis)
