import datetime
import io
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chantiers.actions.models import Activite
from tests.factories import JOUR
from tests.factories.chantiers import ActionCollectiveFactory, ActiviteFactory
from tests.factories.demarche import ExerciceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def exercice():
    return ExerciceFactory()


def photo():
    tampon = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(tampon, "JPEG")
    return SimpleUploadedFile("fete.jpg", tampon.getvalue(), "image/jpeg")


def saisie(**autres):
    return {
        "jeton": str(uuid.uuid4()),
        "titre": "Soupe d’idées",
        "date": JOUR.isoformat(),
        "nb_personnes": "",
        "fiabilite": "compte",
        "nb_citoyens_responsables": "",
        "nb_benevoles": "",
        "heures_citoyennes": "",
        "heures_partenaires": "",
        "note": "",
        **autres,
    }


@pytest.fixture
def noter(client_de):
    action = ActionCollectiveFactory()
    client = client_de("agent")
    return lambda **autres: client.post(f"/actions/{action.pk}/activites/noter/", saisie(**autres))


def test_name_and_date_are_enough(noter):
    reponse = noter()
    activite = Activite.objects.get()
    assert reponse.url == f"{activite.action_collective.get_absolute_url()}#activites"
    assert (activite.nb_personnes, activite.heures_citoyennes) == (0, Decimal(0))


@pytest.mark.parametrize(
    ("champ", "tape", "lu"),
    [
        ("nb_personnes", "2 000", 2000),
        ("nb_personnes", "2\u202f000", 2000),
        ("nb_personnes", "1000000", 1_000_000),
        ("heures_citoyennes", "7,5", Decimal("7.5")),
        ("heures_citoyennes", "7.25 h", Decimal("7.25")),
        ("heures_partenaires", "7 h 30", Decimal("7.5")),
        ("heures_partenaires", "1h20", Decimal("1.33")),
    ],
)
def test_numbers_as_people_type_them(noter, champ, tape, lu):
    noter(**{champ: tape})
    assert getattr(Activite.objects.get(), champ) == lu


@pytest.mark.parametrize(
    ("champ", "tape"),
    [
        ("nb_personnes", "-5"),
        ("nb_personnes", "1e9"),
        ("nb_personnes", "1,5"),
        ("nb_personnes", "1000001"),
        ("nb_personnes", "9" * 40),
        ("nb_personnes", "٣"),
        ("nb_benevoles", "douze"),
        ("heures_citoyennes", "NaN"),
        ("heures_citoyennes", "-1"),
        ("heures_citoyennes", "1,005"),
        ("heures_citoyennes", "1234567"),
        ("heures_citoyennes", "7 h 75"),
        ("date", "02/01/2026"),
        ("date", "2026-01-15"),
        ("date", "1999-01-01"),
        ("date", ""),
        ("fiabilite", "inventé"),
    ],
)
def test_refusal_beside_the_field_keeps_what_was_typed(noter, champ, tape):
    reponse = noter(note="Gardée telle quelle", **{champ: tape})
    assert list(reponse.context["form"].errors) == [champ]
    page = reponse.content.decode()
    assert "Gardée telle quelle" in page
    assert champ == "fiabilite" or f'value="{tape}"' in page or not tape
    assert not Activite.objects.exists()


def test_double_click_notes_once(client_de):
    action = ActionCollectiveFactory()
    donnees = saisie()
    for _ in range(2):
        client_de("agent").post(f"/actions/{action.pk}/activites/noter/", donnees)
    assert Activite.objects.count() == 1


def test_note_another(noter):
    reponse = noter(encore="1")
    assert reponse.url.endswith("/activites/noter/")


def test_action_chosen_on_the_page(client_de):
    action = ActionCollectiveFactory()
    client = client_de("agent")
    assert list(client.post("/activites/noter/", saisie()).context["form"].errors) == ["action_collective"]
    client.post("/activites/noter/", saisie(action_collective=action.pk))
    assert Activite.objects.get().action_collective == action


def test_photo_needs_its_description_and_stays_private_unless_allowed(noter, client_de):
    assert list(noter(photo_recue=photo()).context["form"].errors) == ["texte_alternatif"]
    noter(photo_recue=photo(), texte_alternatif="Trois personnes cuisinent")
    activite = Activite.objects.get()
    assert (activite.photo.texte_alternatif, activite.photo.est_public) == ("Trois personnes cuisinent", False)
    page = activite.action_collective.get_absolute_url()
    assert 'alt="Trois personnes cuisinent"' in client_de("membre_comite").get(page).content.decode()
    assert "Trois personnes cuisinent" not in client_de("public").get(page).content.decode()
    client_de("agent").post(
        f"/activites/{activite.pk}/modifier/",
        saisie(version=1, photo_recue=photo(), texte_alternatif="La tablée", photo_publique="on"),
    )
    assert 'alt="La tablée"' in client_de("public").get(page).content.decode()
    client_de("agent").post(f"/activites/{activite.pk}/modifier/", saisie(version=2, retirer_photo="on"))
    activite.refresh_from_db()
    assert activite.photo is None


def test_file_that_is_no_photo_is_refused(noter):
    faux = SimpleUploadedFile("photo.jpg", b"<html>", "image/jpeg")
    assert list(noter(photo_recue=faux, texte_alternatif="x").context["form"].errors) == ["photo_recue"]


def test_two_tabs_on_one_activity(client_de):
    activite = ActiviteFactory()
    client = client_de("agent")
    client.post(f"/activites/{activite.pk}/modifier/", saisie(version=1, titre="Un"))
    reponse = client.post(f"/activites/{activite.pk}/modifier/", saisie(version=1, titre="Deux"))
    assert "Quelqu’un a modifié" in reponse.content.decode()
    assert 'value="Deux"' in reponse.content.decode()
    activite.refresh_from_db()
    assert activite.titre == "Un"


def test_taking_away_asks_first_and_never_by_get(client_de):
    activite = ActiviteFactory()
    client = client_de("agent")
    assert "sortiront des totaux" in client.get(f"/activites/{activite.pk}/supprimer/").content.decode()
    assert Activite.objects.exists()
    client.post(f"/activites/{activite.pk}/supprimer/")
    assert not Activite.objects.exists()
    assert client.post(f"/activites/{activite.pk}/supprimer/").status_code == 404


@pytest.mark.regle("R10")
def test_r10_taking_away_in_a_closed_exercice_is_refused(client_de):
    ExerciceFactory(annee=2024, clos=True)
    activite = ActiviteFactory(date=datetime.date(2025, 3, 1))
    reponse = client_de("agent").post(f"/activites/{activite.pk}/supprimer/", follow=True)
    assert "est clos" in reponse.content.decode()
    assert Activite.objects.exists()


def test_journal_totals_and_export(client_de, exercice):
    ActiviteFactory(nb_personnes=40)
    ActiviteFactory(nb_personnes=2, fiabilite="estime")
    client = client_de("fiduciaire")
    assert client.get("/activites/").context["totaux"].nb_personnes == 42
    reponse = client.get("/activites/exporter.csv")
    assert reponse["Content-Disposition"] == 'attachment; filename="activites-2025-2026.csv"'
    assert len(reponse.content.decode("utf-8-sig").splitlines()) == 3
    assert client.get("/activites/exporter.exe").status_code == 404
