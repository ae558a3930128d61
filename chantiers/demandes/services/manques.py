"""What is missing before each step of a request: the page shows the list, the service refuses with it."""

from decimal import Decimal

from django.utils import timezone

from chantiers.demandes.models import DemandeFonds, RegleAllocation
from chantiers.demandes.queries.engagements import soldes_utilisables
from demarche.gouvernance.enums import MODES_A_DISTANCE, GenreInstance
from demarche.gouvernance.models import InstanceGouvernance
from demarche.gouvernance.services.regles import quorum_hors_d_atteinte
from demarche.scrutins.services.electeurs import sieges_appeles
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from partenaires.queries.liste import adhesions_des_partenaires

EXERCICE_TERMINE = "L’exercice {} est terminé : choisissez l’exercice en cours, ou le suivant."
SANS_REGLE = "Aucune règle d’allocation n’est en vigueur : la coordination doit l’inscrire aux réglages."
SANS_ENVELOPPE = (
    "Aucune enveloppe utilisable aujourd’hui pour cette action n’a de disponible : inscrivez-en une, ou vérifiez ses "
    "dates et son chantier."
)
REEL_DEJA_ECRIT = (
    "« {} » a déjà un montant réel écrit à la main : effacez-le du budget avant d’y relier une demande, sinon la même "
    "dépense compterait deux fois."
)
EN_RENCONTRE = "L’instance « {} » décide en rencontre : mettez la demande à son ordre du jour."


def ce_qui_manque(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the request can be submitted, as French sentences."""
    manque = _exercice_clos(demande) or _exercice_termine(demande)
    if not demande.motif.strip():
        manque.insert(0, "Écrivez à quoi serviront les fonds.")
    if not demande.postes.exists():
        manque.insert(0, "Ajoutez au moins un poste de dépense avec son montant.")
    if RegleAllocation.objects.en_vigueur(timezone.localdate()) is None:
        manque.append(SANS_REGLE)
    sans_reponse = demande.precisions.filter(repondue_le__isnull=True).first() if demande.pk else None
    if sans_reponse is not None:
        manque.append(f"Répondez à la question du {ecrire_date(timezone.localdate(sans_reponse.posee_le))}.")
    if demande.ligne_budgetaire is not None and demande.ligne_budgetaire.montant_reel is not None:
        manque.append(REEL_DEJA_ECRIT.format(demande.ligne_budgetaire))
    return manque


def ce_qui_manque_pour_ouvrir(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the remote ballot of the instance that decides can open."""
    manque = _exercice_clos(demande)
    instance = demande.instance_gouvernance
    if instance is not None and instance.mode_decision not in MODES_A_DISTANCE:
        return [*manque, EN_RENCONTRE.format(instance)]
    return manque + (_sans_voix(instance) if instance is not None else []) + _sans_enveloppe(demande)


def ce_qui_manque_pour_accorder(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the coordination can grant alone; a refusal only needs its reason."""
    return _exercice_clos(demande) + _sans_enveloppe(demande)


def exiger_complet(manque: list[str]) -> None:
    """Refuse a step with the list of what is missing.

    Errors: ErreurMetier unless nothing is.
    """
    if manque:
        raise ErreurMetier(manque)


def _exercice_clos(demande: DemandeFonds) -> list[str]:
    clos = demande.exercice.est_clos
    return [f"L’exercice {demande.exercice} est clos : choisissez un exercice ouvert."] if clos else []


def _exercice_termine(demande: DemandeFonds) -> list[str]:
    termine = demande.exercice.fin < timezone.localdate()
    return [EXERCICE_TERMINE.format(demande.exercice)] if termine else []


def _sans_voix(instance: InstanceGouvernance) -> list[str]:
    jour, assemblee = timezone.localdate(), instance.genre == GenreInstance.ASSEMBLEE
    nb_voix = len(adhesions_des_partenaires(jour) if assemblee else sieges_appeles(instance, jour))
    if nb_voix == 0:
        siege = f"Aucun siège n’est pourvu : nommez les titulaires de « {instance} »."
        return ["Aucun partenaire n’a d’adhésion en vigueur : il n’y a personne à appeler." if assemblee else siege]
    obstacle = quorum_hors_d_atteinte(instance, instance.mode_decision, nb_voix)
    return [obstacle] if obstacle else []


def _sans_enveloppe(demande: DemandeFonds) -> list[str]:
    a_de_quoi = any(solde.disponible > Decimal(0) for solde in soldes_utilisables(demande))
    return [] if a_de_quoi else [SANS_ENVELOPPE]
