"""The sections of the bilan that have a text."""

from django.db import models


class SectionNarrative(models.TextChoices):
    """The narrative sections of the bilan, in its order."""

    CONTEXTE = "contexte", "Mise en contexte"
    PROCESSUS = "processus", "Processus et apprentissages"
    PLANIFICATION = "planification", "Planification stratégique et évaluation"
    ACTIONS = "actions", "Actions collectives"
    PARTENARIATS = "partenariats", "Partenariats"
    COMMUNICATIONS = "communications", "Communications"
    REPRESENTATIONS = "representations", "Représentations et collaborations régionales"
    PERSPECTIVES = "perspectives", "Perspectives"
    SOMMES = "sommes", "Utilisation des sommes résiduelles"
    SYNTHESE = "synthese", "Synthèse des résultats"
