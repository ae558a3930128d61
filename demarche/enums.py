"""Choices of the app `demarche`, with their groups."""

from django.db import models


class Role(models.TextChoices):
    """What an account may do beside its mandates and its adhesion (design, section 5)."""

    AGENT = "agent", "Agente ou agent"
    COORDONNATEUR = "coordonnateur", "Coordination"
    FIDUCIAIRE = "fiduciaire", "Fiduciaire"
    ADMINISTRATEUR = "administrateur", "Administration technique"


EQUIPE = frozenset({Role.AGENT, Role.COORDONNATEUR})


class GenreTerritoire(models.TextChoices):
    REGION = "region", "Région"
    MRC = "mrc", "MRC ou arrondissement"
    QUARTIER = "quartier", "Quartier ou secteur"


class GenreInstance(models.TextChoices):
    """What kind of instance decides or talks; the procedure of allocation finds its deciders by kind."""

    ASSEMBLEE = "assemblee", "Assemblée des partenaires"
    COMITE_PILOTAGE = "comite_pilotage", "Comité de pilotage"
    COORDINATION = "coordination", "Coordination"
    EQUIPE = "equipe", "Équipe de développement"
    FIDUCIAIRE = "fiduciaire", "Fiduciaire"
    COMITE_CHANTIER = "comite_chantier", "Comité de chantier"
    CONCERTATION = "concertation", "Concertation locale"
    CERCLE = "cercle", "Cercle"


class GenreSiege(models.TextChoices):
    FIDUCIAIRE = "fiduciaire", "Fiduciaire"
    CIUSSS = "ciusss", "CIUSSS"
    VILLE = "ville", "Ville"
    CITOYEN = "citoyen", "Citoyenne ou citoyen"
    COMMUNAUTAIRE = "communautaire", "Organisme communautaire"
    OUVERT = "ouvert", "Siège ouvert"


class ModeDecision(models.TextChoices):
    """How an instance decides one question (R5)."""

    EN_LIGNE = "en_ligne", "Scrutin en ligne"
    MAIN_LEVEE = "main_levee", "Vote compté en rencontre"
    UNE_PERSONNE = "une_personne", "Décision d’une seule personne"

    @classmethod
    def du_genre(cls, genre: str) -> "ModeDecision":
        """Return how an instance of that kind decides."""
        if genre == GenreInstance.COMITE_PILOTAGE:
            return cls.EN_LIGNE
        return cls.UNE_PERSONNE if genre == GenreInstance.COORDINATION else cls.MAIN_LEVEE


class EtatScrutin(models.TextChoices):
    OUVERT = "ouvert", "Ouvert"
    CLOS = "clos", "Clos"
    ANNULE = "annule", "Annulé"


class Choix(models.TextChoices):
    POUR = "pour", "Pour"
    CONTRE = "contre", "Contre"
    ABSTENTION = "abstention", "Abstention"


class Issue(models.TextChoices):
    """What a closed ballot says."""

    ADOPTEE = "adoptee", "Adoptée"
    REJETEE = "rejetee", "Non adoptée"
    SANS_QUORUM = "sans_quorum", "Sans quorum"


class EtatCourriel(models.TextChoices):
    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    EN_ECHEC = "en_echec", "En échec"
