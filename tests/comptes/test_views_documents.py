"""Documents behind their permission."""

import pytest

from demarche.comptes.protocoles import DOCUMENTS, AccesDocuments
from tests.factories.demarche import DocumentFactory
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db


def test_inner_document_exists_for_the_team_only(client_de):
    adresse = DocumentFactory().get_absolute_url()
    ouvert = {role for role in PERSONAS if client_de(role).get(adresse).status_code == 200}
    assert ouvert == {"agent", "coordonnateur"}
    assert client_de("administrateur").get(adresse).status_code == 404


def test_stranger_is_asked_to_sign_in_whether_it_exists_or_not(client_de):
    client, adresse = client_de("public"), DocumentFactory().get_absolute_url()
    assert client.get(adresse).url == f"/compte/login/?next={adresse}"
    assert client.get("/documents/999999/").url == "/compte/login/?next=/documents/999999/"


def test_public_document_is_for_everybody(client_de):
    assert client_de("public").get(DocumentFactory(est_public=True).get_absolute_url()).status_code == 200


def test_an_app_may_let_somebody_in(client_de, personne_de, monkeypatch):
    ouvert, ferme = DocumentFactory(), DocumentFactory()
    lecteur = personne_de("partenaire")

    class Acces(AccesDocuments):
        def lisible(self, utilisateur, document):
            return (utilisateur, document) == (lecteur, ouvert)

    monkeypatch.setattr(DOCUMENTS, "_toutes", [Acces()])
    client = client_de("partenaire")
    assert [client.get(d.get_absolute_url()).status_code for d in (ouvert, ferme)] == [200, 404]
    assert client_de("membre_comite").get(ouvert.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("options", "type_servi", "disposition"),
    [
        ({}, "application/pdf", "inline"),
        ({"image": True}, "image/jpeg", "inline"),
        ({"type_contenu": "text/html", "nom_origine": "page.html"}, "application/octet-stream", "attachment"),
        (
            {"type_contenu": "application/vnd.oasis.opendocument.text", "nom_origine": "été.odt"},
            "application/vnd.oasis.opendocument.text",
            "attachment",
        ),
    ],
)
def test_how_a_document_is_served(options, type_servi, disposition, client_de):
    reponse = client_de("agent").get(DocumentFactory(**options).get_absolute_url())
    assert reponse["Content-Type"] == type_servi
    assert reponse["Content-Disposition"].split(";")[0] == disposition
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Cache-Control"].startswith("private")
    assert "object-src 'none'" in reponse["Content-Security-Policy"]
    assert reponse.getvalue()


def test_lost_file_says_so(client_de):
    document = DocumentFactory()
    document.fichier.storage.delete(document.fichier.name)
    reponse = client_de("agent").get(document.get_absolute_url())
    assert (reponse.status_code, reponse.content.decode()) == (410, "Ce fichier n’est plus sur le serveur.")


def test_document_is_only_read(client_de):
    assert client_de("agent").post(DocumentFactory().get_absolute_url()).status_code == 405
