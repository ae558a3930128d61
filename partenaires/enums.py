"""Choices of the room `partenaires`, with their groups."""

from django.db import models


class CategorieOrganisation(models.TextChoices):
    ORGANISME = "organisme", "Organisme communautaire"
    INSTITUTION = "institution", "Institution"
    ENTREPRISE = "entreprise", "Entreprise privée"
    CONCERTATION = "concertation", "Concertation"


class CategoriePartenaire(models.TextChoices):
    """What one can join as (R11): an organisation of one of four kinds, or a citizen."""

    ORGANISME = "organisme", "Organisme communautaire"
    INSTITUTION = "institution", "Institution"
    ENTREPRISE = "entreprise", "Entreprise privée"
    CONCERTATION = "concertation", "Concertation"
    CITOYEN = "citoyen", "Citoyenne ou citoyen"


class ModeAdhesion(models.TextChoices):
    TACITE = "tacite", "Tacite (présence à l’assemblée)"
    FORMELLE = "formelle", "Formelle (formulaire)"


class EtatAdhesion(models.TextChoices):
    A_CONFIRMER = "a_confirmer", "Courriel à confirmer"
    A_ETUDIER = "a_etudier", "À étudier"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"
    TERMINEE = "terminee", "Terminée"


class VerbeAdhesion(models.TextChoices):
    CONFIRMER = "confirmer", "Confirmer le courriel"
    ACCEPTER = "accepter", "Accepter"
    REFUSER = "refuser", "Refuser"
    TERMINER = "terminer", "Mettre fin"


TRANSITIONS_ADHESION: dict[tuple[str, str], str] = {
    (EtatAdhesion.A_CONFIRMER, VerbeAdhesion.CONFIRMER): EtatAdhesion.A_ETUDIER,
    (EtatAdhesion.A_ETUDIER, VerbeAdhesion.ACCEPTER): EtatAdhesion.ACCEPTEE,
    (EtatAdhesion.A_ETUDIER, VerbeAdhesion.REFUSER): EtatAdhesion.REFUSEE,
    (EtatAdhesion.ACCEPTEE, VerbeAdhesion.TERMINER): EtatAdhesion.TERMINEE,
}


class FinaliteConsentement(models.TextChoices):
    """What a person allows, one by one (R12, R13)."""

    PUBLICATION_NOM = "publication_nom", "Publication du nom dans la liste des partenaires"
    INFOLETTRE = "infolettre", "Envoi de l’infolettre"
    PHOTOS = "photos", "Utilisation de photos d’activités où l’on me reconnaît"


# The text shown beside each box and kept with the answer. Change a text: the answers already given keep theirs.
TEXTES_CONSENTEMENT: dict[str, str] = {
    FinaliteConsentement.PUBLICATION_NOM: (
        "J’accepte que mon nom, avec le groupe où je m’implique si je l’ai indiqué, paraisse dans la liste publique "
        "des partenaires et dans le bilan annuel."
    ),
    FinaliteConsentement.INFOLETTRE: (
        "J’accepte de recevoir l’infolettre à l’adresse donnée ci-dessus. Je pourrai me désabonner n’importe quand."
    ),
    FinaliteConsentement.PHOTOS: (
        "J’accepte que des photos d’activités où l’on me reconnaît servent à faire connaître la démarche."
    ),
}

# Group titles of the list of partners, in the order of the bilan's annex.
TITRES_CATEGORIES: dict[str, str] = {
    CategoriePartenaire.ORGANISME: "Organismes communautaires",
    CategoriePartenaire.INSTITUTION: "Institutions",
    CategoriePartenaire.ENTREPRISE: "Entreprises privées",
    CategoriePartenaire.CONCERTATION: "Concertations",
    CategoriePartenaire.CITOYEN: "Citoyennes et citoyens",
}

TONS_ADHESION: dict[str, str] = {
    EtatAdhesion.A_CONFIRMER: "neutre",
    EtatAdhesion.A_ETUDIER: "attente",
    EtatAdhesion.ACCEPTEE: "positif",
    EtatAdhesion.REFUSEE: "negatif",
    EtatAdhesion.TERMINEE: "neutre",
}


class GenreCollaboration(models.TextChoices):
    EVENEMENT = "evenement", "Événement régional"
    COMMUNAUTE_PRATIQUE = "communaute_pratique", "Communauté de pratique"
    CONCERTATION = "concertation", "Participation à une concertation"
    PROJET = "projet", "Projet commun"
