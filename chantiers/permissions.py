"""Who may do what in the app `chantiers`; the button and the view ask the same predicate."""

from chantiers.enums import DECIDEES, EtatDemande
from chantiers.models import Activite, DemandeFonds
from demarche.enums import GenreInstance
from demarche.models import Document, Utilisateur
from demarche.permissions import Visiteur, est_coordonnateur, est_equipe, est_membre_comite, peut_voir_decisions
from partenaires.permissions import est_partenaire, organisations_de


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


def peut_voir_demande(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for its writers, and for those who see the requests of that state."""
    return a_depose(visiteur, demande) or demande.etat in etats_visibles(visiteur)


def peut_modifier_demande(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the writers and the team, as long as the request is a draft."""
    return demande.etat == EtatDemande.BROUILLON and (a_depose(visiteur, demande) or est_equipe(visiteur))


def peut_retirer_demande(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    return demande.etat in {EtatDemande.BROUILLON, EtatDemande.SOUMISE} and (
        a_depose(visiteur, demande) or est_coordonnateur(visiteur)
    )


def _attend(visiteur: Visiteur, demande: DemandeFonds, genre: GenreInstance) -> bool:
    """True for the coordination when a submitted request is for that instance."""
    return (
        est_coordonnateur(visiteur)
        and demande.etat == EtatDemande.SOUMISE
        and demande.instance_gouvernance is not None
        and demande.instance_gouvernance.genre == genre
    )


def peut_decider_seul(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for the coordination under the first threshold, never on one's own request (R4)."""
    return (
        isinstance(visiteur, Utilisateur)
        and not a_depose(visiteur, demande)
        and _attend(visiteur, demande, GenreInstance.COORDINATION)
    )


def peut_ouvrir_deliberation(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    return _attend(visiteur, demande, GenreInstance.COMITE_PILOTAGE)


def peut_inscrire_assemblee(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    return _attend(visiteur, demande, GenreInstance.ASSEMBLEE)


def peut_voir_fiche(visiteur: Visiteur, demande: DemandeFonds) -> bool:
    """True for those who see every decision, once the request is submitted."""
    return peut_voir_decisions(visiteur) and demande.etat != EtatDemande.BROUILLON


# Actions and money of the exercice.


def peut_voir_budget(visiteur: Visiteur) -> bool:
    """True for the team, the comité and the fiduciaire; also what tells the public page of an action from theirs."""
    return peut_voir_decisions(visiteur)


def peut_gerer_enveloppes(visiteur: Visiteur) -> bool:
    """True for the coordination: envelopes, and the planned uses of the sommes résiduelles."""
    return est_coordonnateur(visiteur)


def photo_lisible(visiteur: Visiteur, document: Document) -> bool:
    """True for those who see every action, when the document is the photo of an activity."""
    return peut_voir_decisions(visiteur) and Activite.objects.filter(photo=document).exists()
