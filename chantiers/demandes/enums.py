"""Choices about requests and payments, with their groups."""

from django.db import models


class InstanceDecision(models.TextChoices):
    """Who decides on a sum (R1); the values are those of `GenreInstance`."""

    COORDINATION = "coordination", "Coordination"
    COMITE_PILOTAGE = "comite_pilotage", "Comité de pilotage"
    ASSEMBLEE = "assemblee", "Assemblée des partenaires"


# From the lowest decider to the highest.
ORDRE_INSTANCES = (InstanceDecision.COORDINATION, InstanceDecision.COMITE_PILOTAGE, InstanceDecision.ASSEMBLEE)


class EtatDemande(models.TextChoices):
    """States of a fund request, as the team names them."""

    BROUILLON = "brouillon", "Brouillon"
    SOUMISE = "soumise", "Soumise"
    PRECISIONS = "precisions", "Précisions demandées"
    EN_DELIBERATION = "en_deliberation", "En délibération"
    ACCORDEE = "accordee", "Accordée"
    REFUSEE = "refusee", "Refusée"
    RETIREE = "retiree", "Retirée"
    EXPIREE = "expiree", "Expirée"


class VerbeDemande(models.TextChoices):
    SOUMETTRE = "soumettre", "Soumettre"
    INTERROGER = "interroger", "Demander des précisions"
    REPONDRE = "repondre", "Répondre"
    EXPIRER = "expirer", "Laisser expirer"
    OUVRIR = "ouvrir", "Ouvrir la délibération"
    REPRENDRE = "reprendre", "Remettre à l’étude"
    ACCORDER = "accorder", "Accorder"
    REFUSER = "refuser", "Refuser"
    RETIRER = "retirer", "Retirer"


TRANSITIONS_DEMANDE: dict[tuple[str, str], str] = {
    (EtatDemande.BROUILLON, VerbeDemande.SOUMETTRE): EtatDemande.SOUMISE,
    (EtatDemande.SOUMISE, VerbeDemande.OUVRIR): EtatDemande.EN_DELIBERATION,
    (EtatDemande.SOUMISE, VerbeDemande.ACCORDER): EtatDemande.ACCORDEE,
    (EtatDemande.SOUMISE, VerbeDemande.REFUSER): EtatDemande.REFUSEE,
    (EtatDemande.EN_DELIBERATION, VerbeDemande.ACCORDER): EtatDemande.ACCORDEE,
    (EtatDemande.EN_DELIBERATION, VerbeDemande.REFUSER): EtatDemande.REFUSEE,
    (EtatDemande.EN_DELIBERATION, VerbeDemande.REPRENDRE): EtatDemande.SOUMISE,
    (EtatDemande.BROUILLON, VerbeDemande.RETIRER): EtatDemande.RETIREE,
    (EtatDemande.SOUMISE, VerbeDemande.RETIRER): EtatDemande.RETIREE,
    (EtatDemande.EN_DELIBERATION, VerbeDemande.RETIRER): EtatDemande.RETIREE,
    (EtatDemande.SOUMISE, VerbeDemande.INTERROGER): EtatDemande.PRECISIONS,
    (EtatDemande.PRECISIONS, VerbeDemande.REPONDRE): EtatDemande.SOUMISE,
    (EtatDemande.PRECISIONS, VerbeDemande.RETIRER): EtatDemande.RETIREE,
    (EtatDemande.PRECISIONS, VerbeDemande.EXPIRER): EtatDemande.EXPIREE,
    (EtatDemande.EXPIREE, VerbeDemande.SOUMETTRE): EtatDemande.SOUMISE,
}

# What the requester and the public read beside the team's label.
LIBELLE_PUBLIC_DEMANDE: dict[str, str] = {
    EtatDemande.BROUILLON: "Pas encore envoyée",
    EtatDemande.SOUMISE: "Reçue, à l’étude",
    EtatDemande.PRECISIONS: "Une réponse de votre part est attendue",
    EtatDemande.EN_DELIBERATION: "En cours de décision",
    EtatDemande.ACCORDEE: "Accordée",
    EtatDemande.REFUSEE: "Refusée",
    EtatDemande.RETIREE: "Retirée",
    EtatDemande.EXPIREE: "Expirée, faute de réponse",
}

# The states in which the writer may still change the request; changing it during a ballot cancels the ballot.
MODIFIABLES = frozenset(
    {EtatDemande.BROUILLON, EtatDemande.SOUMISE, EtatDemande.PRECISIONS, EtatDemande.EN_DELIBERATION}
)
EN_ATTENTE = frozenset({EtatDemande.SOUMISE, EtatDemande.PRECISIONS, EtatDemande.EN_DELIBERATION})
DECIDEES = frozenset({EtatDemande.ACCORDEE, EtatDemande.REFUSEE})
# A ballot is open or the decision is taken: the total and the instance are those of that moment.
FIGEES = DECIDEES | {EtatDemande.EN_DELIBERATION}
# What counts in the total of an action (R1): granted and still pending.
COMPTEES = EN_ATTENTE | {EtatDemande.ACCORDEE}


# States in which a request will never pay: the budget line it is tied to may have its real amount typed. An expired
# request is not among them: its answer submits it again.
SANS_SUITE = frozenset({EtatDemande.REFUSEE, EtatDemande.RETIREE})


class GenreApport(models.TextChoices):
    """What covers, elsewhere, a part of the cost of what is asked."""

    COFINANCEMENT = "cofinancement", "Cofinancement"
    NATURE = "nature", "En nature"


class GenreDecaissement(models.TextChoices):
    """The three kinds of payment (R8)."""

    PAIEMENT_DIRECT = "paiement_direct", "Paiement direct d’une dépense"
    REMBOURSEMENT = "remboursement", "Remboursement, avec reçu"
    TRANSFERT = "transfert", "Transfert au porteur"


class SensMotif(models.TextChoices):
    """What a reason of the library explains."""

    ACCORD = "accord", "Accord"
    REFUS = "refus", "Refus"
    PRECISIONS = "precisions", "Demande de précisions"
