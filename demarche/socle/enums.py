"""States of an e-mail of the outbox."""

from django.db import models


class EtatCourriel(models.TextChoices):
    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    EN_ECHEC = "en_echec", "En échec"
