"""Publish: numbered versions that never change; the pages by role; the command."""

import hashlib
import io

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demarche.socle.erreurs import ErreurMetier
from evaluation.bilan.models import Bilan, Narratif
from evaluation.bilan.services import bilans as service
from evaluation.bilan.services.bilans import lire_version, produire_brouillon, publier_bilan
from evaluation.plan.enums import StatutCible
from tests.bilan.donnees_bilan import petit_exercice
from tests.factories import chantiers as c
from tests.factories import demarche as d
from tests.factories import evaluation as e

EQUIPE = {"agent", "coordonnateur"}


@pytest.fixture
def exercice(db):
    return petit_exercice()


@pytest.fixture
def rendus(monkeypatch):
    """Draw nothing: count the drawings and answer their mention as bytes. The PDF itself has its own tests."""
    appels = []

    def rendre(bilan, mention=None):
        appels.append(mention)
        return f"%PDF {bilan.exercice.code} {mention}".encode()

    monkeypatch.setattr(service, "rendre_pdf", rendre)
    return appels


def ecrire(texte):
    narratif = Narratif.objects.get()
    narratif.texte = texte
    narratif.save()


@pytest.mark.regle("R10")
def test_versions_are_numbered_and_the_first_never_moves(exercice, rendus, personne_de):
    auteur = personne_de("coordonnateur")
    premiere = publier_bilan(exercice, auteur=auteur)
    assert (premiere.numero, premiere.publie_par, premiere.schema) == (1, auteur, 1)
    octets = lire_version(premiere)
    assert hashlib.sha256(octets).hexdigest() == premiere.empreinte
    avant = (premiere.empreinte, premiere.donnees, premiere.pdf.name)
    ecrire("Un autre texte.")
    seconde = publier_bilan(exercice, auteur=auteur)
    assert seconde.numero == 2
    assert seconde.donnees["contexte"]["texte"] == "Un autre texte."
    premiere.refresh_from_db()
    assert (premiere.empreinte, premiere.donnees, premiere.pdf.name) == avant
    assert lire_version(premiere) == octets


def test_same_data_publish_nothing_new(exercice, rendus, personne_de):
    auteur = personne_de("coordonnateur")
    assert publier_bilan(exercice, auteur=auteur) == publier_bilan(exercice, auteur=auteur)
    assert (Bilan.objects.count(), len(rendus)) == (1, 1)


def test_history_says_who_published(exercice, rendus, personne_de):
    version = publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    (ligne,) = version.history.all()
    assert (ligne.history_user, ligne.history_change_reason) == (
        personne_de("coordonnateur"),
        "Publication de la version 1",
    )


@pytest.mark.regle("R10")
def test_data_that_change_during_the_drawing_refuse_the_publication(exercice, monkeypatch, personne_de):
    def rendre(bilan, mention):
        ecrire("Changé entre-temps.")
        return b"%PDF"

    monkeypatch.setattr(service, "rendre_pdf", rendre)
    with pytest.raises(ErreurMetier, match="ont changé"):
        publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    assert not Bilan.objects.exists()


def test_a_blocking_check_refuses_the_publication(exercice, rendus, personne_de):
    e.CibleFactory(exercice=exercice, statut=StatutCible.ATTEINTE, enonce="Sans preuve aucune")
    with pytest.raises(ErreurMetier, match="réglez ceci"):
        publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    assert rendus == []


@pytest.mark.regle("R10")
def test_altered_file_is_not_served(exercice, rendus, personne_de, client_de):
    version = publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    version.pdf.storage.delete(version.pdf.name)
    version.pdf.storage.save(version.pdf.name, ContentFile(b"%PDF autre"))
    with pytest.raises(ErreurMetier, match="ne correspond plus"):
        lire_version(version)
    assert client_de("public").get(reverse("bilan:bilan_pdf_publie", args=[version.pk])).status_code == 410


def test_draft_is_drawn_once_for_each_state_of_the_data(exercice, rendus):
    assert produire_brouillon(exercice) == produire_brouillon(exercice)
    assert len(rendus) == 1
    ecrire("Un autre texte.")
    produire_brouillon(exercice)
    assert len(rendus) == 2


def test_everybody_reads_the_published_bilans(exercice, rendus, personne_de, client_de):
    publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    ecrire("Un autre texte.")
    derniere = publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    client = client_de("public")
    liste = client.get(reverse("bilan:bilans_publics"))
    assert [b.pk for b in liste.context["bilans"]] == [derniere.pk]
    pdf = client.get(reverse("bilan:bilan_pdf_publie", args=[derniere.pk]))
    assert pdf.content == lire_version(derniere)
    assert pdf["Content-Type"] == "application/pdf"


def test_public_list_says_when_it_is_empty(db, client_de):
    assert "Aucun bilan publié" in client_de("public").get(reverse("bilan:bilans_publics")).content.decode()


def test_home_page_shows_the_last_bilan(exercice, rendus, personne_de, client_de):
    publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    assert "Le dernier bilan publié" in client_de("public").get(reverse("accueil")).content.decode()


def test_team_page_says_what_is_missing_and_what_is_up_to_date(exercice, rendus, personne_de, client_de):
    client = client_de("coordonnateur")
    page = client.get(reverse("bilan:bilan"))
    etats = {s.titre: s for s in page.context["sections"]}
    assert etats["Mise en contexte"].est_remplie
    assert etats["Perspectives"].manque == "le texte"
    assert page.context["nb_reservees"] == 1
    assert "Publier cette version" in page.content.decode()
    publier_bilan(exercice, auteur=personne_de("coordonnateur"))
    suite = client.get(reverse("bilan:bilan"))
    assert suite.context["est_a_jour"]
    assert "Publier cette version" not in suite.content.decode()


def test_unknown_exercice_is_not_found(exercice, client_de):
    assert client_de("agent").get(f"{reverse('bilan:bilan')}?exercice=1999-2000").status_code == 404


def test_draft_answers_a_pdf_named_for_its_exercice(exercice, rendus, client_de):
    reponse = client_de("agent").get(reverse("bilan:bilan_brouillon"))
    assert reponse["Content-Disposition"] == 'inline; filename="bilan-2025-2026-brouillon.pdf"'
    assert reponse["Cache-Control"] == "private, no-store"


def test_photo_that_is_gone_is_told_on_the_page(exercice, client_de):
    document = d.DocumentFactory(est_public=True, texte_alternatif="Au marché", type_contenu="image/png")
    document.fichier.storage.delete(document.fichier.name)
    c.ActiviteFactory(photo=document)
    reponse = client_de("agent").get(reverse("bilan:bilan_brouillon"), follow=True)
    assert "La photo « Au marché » ne se lit plus" in reponse.content.decode()


@pytest.mark.parametrize("ajouts", [1, 3])
def test_queries_of_the_team_page_do_not_depend_on_rows(exercice, client_de, ajouts):
    client = client_de("agent")
    client.get(reverse("bilan:bilan"))
    with CaptureQueriesContext(connection) as avant:
        client.get(reverse("bilan:bilan"))
    for _ in range(ajouts):
        c.ActiviteFactory(action_collective=c.ActionCollectiveFactory())
        e.CibleFactory(exercice=exercice, atteinte=True)
        e.BilanFactory(exercice=exercice, numero=ajouts + 10 + Bilan.objects.count())
    with CaptureQueriesContext(connection) as apres:
        client.get(reverse("bilan:bilan"))
    assert len(apres) <= len(avant) + 1  # the first version's own data, read to compare


# The command


def exporter(*arguments):
    sortie = io.StringIO()
    call_command("exporter_bilan", *arguments, stdout=sortie)
    return sortie.getvalue()


def test_command_writes_the_whole_file(exercice, rendus, tmp_path):
    chemin = tmp_path / "bilan.pdf"
    assert "Bilan 2025-2026 écrit dans" in exporter("2025-2026", "--sortie", str(chemin))
    assert chemin.read_bytes() == produire_brouillon(exercice)
    assert [p.name for p in tmp_path.iterdir()] == ["bilan.pdf"]


def test_command_names_the_known_exercices(exercice, rendus, tmp_path):
    with pytest.raises(CommandError, match=r"« 1999 » n’existe pas\. Exercices connus : 2025-2026\."):
        exporter("1999", "--sortie", str(tmp_path / "x.pdf"))


def test_command_refuses_a_folder_that_does_not_exist(exercice, rendus, tmp_path):
    with pytest.raises(CommandError, match="dans un dossier qui existe"):
        exporter("2025-2026", "--sortie", str(tmp_path / "absent" / "x.pdf"))


def test_command_leaves_the_old_file_when_the_drawing_fails(exercice, monkeypatch, tmp_path):
    def echouer(bilan, mention=None):
        raise ErreurMetier("La photo « x » ne se lit plus.")

    monkeypatch.setattr(service, "rendre_pdf", echouer)
    chemin = tmp_path / "bilan.pdf"
    chemin.write_bytes(b"ancien")
    with pytest.raises(CommandError, match="ne se lit plus"):
        exporter("2025-2026", "--sortie", str(chemin))
    assert chemin.read_bytes() == b"ancien"
