import pytest

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import MotifType

pytestmark = pytest.mark.django_db


@pytest.fixture
def motif():
    return MotifType.objects.create(sens=SensMotif.REFUS, texte="Trop tard.", ordre=1)


@pytest.mark.parametrize("route", ["proposer/", "{pk}/monter/"])
def test_verbs_are_posts_of_the_coordination(client_de, motif, route):
    adresse = f"/reglages/motifs/{route.format(pk=motif.pk)}"
    assert client_de("coordonnateur").get(adresse).status_code == 405
    assert client_de("agent").post(adresse).status_code == 403
    assert client_de("coordonnateur").post(adresse).url == "/reglages/motifs/"


def test_unknown_reason_is_not_found(client_de):
    assert client_de("coordonnateur").get("/reglages/motifs/999/modifier/").status_code == 404
    assert client_de("coordonnateur").post("/reglages/motifs/999/monter/").status_code == 404


def test_reason_is_added_then_no_longer_offered(client_de):
    client = client_de("coordonnateur")
    client.post("/reglages/motifs/nouveau/", {"sens": "refus", "texte": "Hors du territoire.", "est_actif": "on"})
    motif = MotifType.objects.get()
    client.post(f"/reglages/motifs/{motif.pk}/modifier/", {"sens": "refus", "texte": motif.texte})
    motif.refresh_from_db()
    assert (motif.texte, motif.est_actif) == ("Hors du territoire.", False)
    assert "Plus proposé" in client.get("/reglages/motifs/").content.decode()


def test_same_reason_is_told_beside_the_field(client_de, motif):
    reponse = client_de("coordonnateur").post(
        "/reglages/motifs/nouveau/", {"sens": motif.sens, "texte": motif.texte, "est_actif": "on"}
    )
    assert "Ce motif est déjà dans la liste." in reponse.content.decode()


@pytest.mark.parametrize("nombre", [1, 3, 30])
def test_list_asks_the_same_queries_whatever_the_rows(client_de, django_assert_num_queries, nombre):
    for rang in range(nombre):
        MotifType.objects.create(sens=SensMotif.REFUS, texte=f"Motif {rang}", ordre=rang)
    client = client_de("coordonnateur")
    with django_assert_num_queries(10):
        client.get("/reglages/motifs/")
