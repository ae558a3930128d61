"""Choices of the governance: instances, seats, modes and rules of decision."""

from django.db import models


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


# The instances that the procedure of allocation names: each may grant money (R1).
QUI_DECIDENT = (GenreInstance.ASSEMBLEE, GenreInstance.COMITE_PILOTAGE, GenreInstance.COORDINATION)


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
    RESOLUTION_ECRITE = "resolution_ecrite", "Résolution écrite, signée par tous les sièges"
    CONSULTATION = "consultation", "Consultation à entériner à la rencontre suivante"
    UNE_PERSONNE = "une_personne", "Décision d’une seule personne"

    @classmethod
    def du_genre(cls, genre: str) -> "ModeDecision":
        """Return how an instance of that kind decides as long as nobody chose."""
        if genre == GenreInstance.COMITE_PILOTAGE:
            return cls.EN_LIGNE
        return cls.UNE_PERSONNE if genre == GenreInstance.COORDINATION else cls.MAIN_LEVEE

    @classmethod
    def possibles(cls, genre: str) -> "tuple[ModeDecision, ...]":
        """Return the modes an instance of that kind may choose; only the coordination decides as one person."""
        if genre == GenreInstance.COORDINATION:
            return (cls.UNE_PERSONNE,)
        return tuple(mode for mode in cls if mode != cls.UNE_PERSONNE)


# The modes in which each elector answers alone, on the page of the ballot, until a deadline.
MODES_A_DISTANCE = frozenset({ModeDecision.EN_LIGNE, ModeDecision.RESOLUTION_ECRITE, ModeDecision.CONSULTATION})


class RegleQuorum(models.TextChoices):
    """How many must take part for a decision to hold (R5); each default is ours."""

    MAJORITE = "majorite", "Plus de la moitié des sièges pourvus et non récusés"
    MAJORITE_POURVUS = "majorite_pourvus", "Plus de la moitié des sièges pourvus, récusés compris"
    NOMBRE = "nombre", "Un nombre fixe"
    TOUS = "tous", "Tous les sièges appelés"
    AUCUN = "aucun", "Aucun : une seule voix suffit"

    @classmethod
    def du_genre(cls, genre: str) -> "RegleQuorum":
        """Return the quorum of an instance of that kind as long as nobody chose: an assemblée has no seats."""
        return cls.AUCUN if genre == GenreInstance.ASSEMBLEE else cls.MAJORITE


class RegleMajorite(models.TextChoices):
    """What makes an adoption, once the quorum is there (R5); a tie never does."""

    SIMPLE = "simple", "Plus de pour que de contre"
    ABSOLUE = "absolue", "Plus de la moitié des voix, abstentions comprises"
    DEUX_TIERS = "deux_tiers", "Au moins deux tiers de pour, sans compter les abstentions"
    UNANIMITE = "unanimite", "Au moins un pour, aucun contre"
    TOUS_POUR = "tous_pour", "Tous les sièges appelés sont pour"


class SuiteRecusations(models.TextChoices):
    """What happens when recusals make the quorum impossible (R4)."""

    INSTANCE_SUPERIEURE = "instance_superieure", "L’instance au-dessus décide"
    NOUVEAU_SCRUTIN = "nouveau_scrutin", "La coordination ouvre un nouveau scrutin"


class Choix(models.TextChoices):
    POUR = "pour", "Pour"
    CONTRE = "contre", "Contre"
    ABSTENTION = "abstention", "Abstention"


class Issue(models.TextChoices):
    """What a closed ballot says."""

    ADOPTEE = "adoptee", "Adoptée"
    REJETEE = "rejetee", "Non adoptée"
    SANS_QUORUM = "sans_quorum", "Sans quorum"
