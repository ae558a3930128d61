"""What a browser would post: the values a form page shows, with those a person changes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def saisie(client, adresse, **valeurs):
    """Return the fields of the form of that page, ready to be posted; `False` leaves a box unticked."""
    form = client.get(adresse).context["form"]
    donnees = {nom: form[nom].value() for nom in form.fields} | {"roles": []} | valeurs
    return {nom: "" if valeur is None else valeur for nom, valeur in donnees.items() if valeur is not False}


def envoyer(client, adresse, fois=1, **valeurs):
    """Fill the form of that page and post it, several times for a double click; return the last answer."""
    donnees = saisie(client, adresse, **valeurs)
    reponses = [client.post(adresse, donnees) for _ in range(fois)]
    assert len({(reponse.status_code, reponse.get("Location")) for reponse in reponses}) == 1
    return reponses[-1]


def cout(client, adresse):
    """Return how many queries that page takes."""
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(adresse).status_code == 200
    return len(requetes)
