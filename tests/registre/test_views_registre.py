"""The pages of the register and of a resolution: who opens them, what they say, what they never say (R7)."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Resolution
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.questions import ouvrir_question
from demarche.scrutins.services.resolutions import inscrire_resolution
from demarche.scrutins.services.scrutins import ouvrir_scrutin
from demarche.scrutins.services.votes import recuser, voter
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    UtilisateurFactory,
)
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db

REQUETES = 13
REQUETES_LISTE = 13
VOIENT = {"membre_comite", "fiduciaire", "agent", "coordonnateur"}


@pytest.fixture
def resolution():
    """A ballot of three seats: two for, one aside; its resolution."""
    DemarcheFactory()
    ExerciceFactory()
    comite = InstanceGouvernanceFactory(comite=True)
    membres = [MandatFactory(siege__instance_gouvernance=comite).utilisateur for _ in range(3)]
    scrutin = ouvrir_scrutin(
        instance_gouvernance=comite,
        question="Accorder la somme",
        texte="Que la somme soit accordée.",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=UtilisateurFactory(prenom="Rosalie", nom="Vaillancourt"),
        inscrit_resolution=True,
    )
    recuser(scrutin.pk, auteur=membres[0], motif="Mon organisme en profite.")
    for membre in membres[1:]:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR, commentaire="Un beau projet.")
    return Resolution.objects.get()


def test_button_to_verify_is_shown_to_those_who_may(client_de, resolution):
    pages = {role: client_de(role).get(reverse("gouvernance:registre_liste")).content.decode() for role in VOIENT}
    assert {role for role, page in pages.items() if "Vérifier maintenant" in page} == {"fiduciaire", "coordonnateur"}


def test_lines_in_plain_french_newest_first(client_de, resolution):
    reponse = client_de("agent").get(reverse("gouvernance:registre_liste"))
    sieges = list(resolution.scrutin.electeurs.order_by("numero").values_list("numero", flat=True))
    assert [ligne.phrase for ligne in reponse.context["lignes"]] == [
        "Inscription de la résolution",
        "Clôture du scrutin : 2 pour, 0 contre, 0 abstention, 1 récusation. Adoptée",
        f"Vote du siège nº {sieges[2]}",
        f"Vote du siège nº {sieges[1]}",
        f"Récusation du siège nº {sieges[0]}",
        "Ouverture du scrutin, 3 voix appelées",
    ]


@pytest.mark.regle("R7")
def test_no_name_no_choice_no_comment_in_the_register(client_de, resolution):
    contenu = client_de("agent").get(reverse("gouvernance:registre_liste")).content.decode()
    corps = " ".join(EvenementRegistre.objects.values_list("corps", flat=True))
    secrets = {"Un beau projet", "Mon organisme en profite", "Vaillancourt"}
    secrets |= {electeur.utilisateur.nom for electeur in resolution.scrutin.electeurs.select_related("utilisateur")}
    assert [secret for secret in secrets if secret in contenu or secret in corps] == []


def test_hash_is_found_or_unknown_or_refused(client_de, resolution):
    client, adresse = client_de("fiduciaire"), reverse("gouvernance:registre_liste")
    ligne = EvenementRegistre.objects.get(numero=3)
    collee = f" {ligne.empreinte[:32].upper()} {ligne.empreinte[32:]}\n"
    for saisie in (collee, ligne.empreinte[:16]):
        assert client.get(adresse, {"empreinte": saisie}).context["trouvee"].numero == 3
    inconnue = client.get(adresse, {"empreinte": "0" * 64})
    assert inconnue.context["trouvee"] is None
    assert "Empreinte inconnue" in inconnue.content.decode()
    for saisie in ("", "abc", "z" * 64, "a" * 65):
        assert client.get(adresse, {"empreinte": saisie}).context["form"].errors


def test_verification_is_shown_until_the_next_one(client_de, resolution):
    client = client_de("coordonnateur")
    client.post(reverse("gouvernance:registre_verifier"))
    assert "Le registre est entier : 6 lignes" in client.get(reverse("gouvernance:registre_liste")).content.decode()
    Scrutin.objects.update(nb_pour=3)
    client.post(reverse("gouvernance:registre_verifier"))
    contenu = client.get(reverse("gouvernance:registre_liste")).content.decode()
    assert "Le registre a été touché" in contenu
    assert f"ligne 5 (scrutin {resolution.scrutin.pk})" in contenu


def test_lines_about_one_thing(client_de, resolution):
    adresse = reverse("gouvernance:registre_liste")
    reponse = client_de("agent").get(adresse, {"objet": f"resolution {resolution.pk}"})
    assert [ligne.numero for ligne in reponse.context["lignes"]] == [6]
    assert client_de("agent").get(adresse, {"objet": "rien"}).status_code == 200


@pytest.mark.parametrize("nb", [1, 3, 12])
def test_as_many_queries_whatever_the_lines(nb, client_de, resolution, django_assert_num_queries):
    for rang in range(nb):
        inscrire_resolution(
            instance_gouvernance=resolution.instance_gouvernance,
            exercice=resolution.exercice,
            titre=f"Résolution {rang}",
            texte="Texte",
            adoptee_le=resolution.adoptee_le,
            auteur=None,
        )
    client = client_de("agent")
    client.get(reverse("gouvernance:registre_liste"))
    with django_assert_num_queries(REQUETES):
        client.get(reverse("gouvernance:registre_liste"))


# One resolution


def test_resolution_says_its_lines_and_who_stood_aside(client_de, resolution):
    reponse = client_de("agent").get(resolution.get_absolute_url())
    assert [ligne.numero for ligne in reponse.context["lignes"]] == [1, 2, 3, 4, 5, 6]
    recuse = resolution.scrutin.electeurs.get(recusation__isnull=False)
    assert f"siège nº {recuse.numero} ({recuse.libelle})" in reponse.content.decode()


@pytest.mark.regle("R7")
def test_correction_shows_on_both_pages(client_de, resolution):
    correction = inscrire_resolution(
        instance_gouvernance=resolution.instance_gouvernance,
        exercice=resolution.exercice,
        titre="Montant corrigé",
        texte="Le montant est de 200 $.",
        adoptee_le=resolution.adoptee_le,
        auteur=None,
        corrige=resolution,
    )
    client = client_de("agent")
    assert (
        f'Corrigée par la résolution <a href="{correction.get_absolute_url()}">'
        in client.get(resolution.get_absolute_url()).content.decode()
    )
    assert (
        f'Corrige la résolution <a href="{resolution.get_absolute_url()}">'
        in client.get(correction.get_absolute_url()).content.decode()
    )
    assert "qui corrige CP-2025-2026-001" in client.get(reverse("gouvernance:registre_liste")).content.decode()


def test_correction_starts_at_a_meeting_of_the_instance_or_by_a_ballot(client_de, resolution):
    jour = timezone.localdate()
    a_venir = RencontreFactory(instance_gouvernance=resolution.instance_gouvernance, date=jour)
    RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True), date=jour)
    RencontreFactory(instance_gouvernance=resolution.instance_gouvernance, date=jour - datetime.timedelta(days=1))
    reponse = client_de("coordonnateur").get(reverse("scrutins:resolution_corriger", args=[resolution.pk]))
    assert list(reponse.context["rencontres"]) == [a_venir]
    contenu = reponse.content.decode()
    assert f"{reverse('rencontres:point_creer', args=[a_venir.pk])}?corrige={resolution.pk}" in contenu
    assert f"{reverse('scrutins:scrutin_creer')}?corrige={resolution.pk}" in contenu


def test_only_the_coordination_sees_the_button(client_de, resolution):
    adresse = reverse("scrutins:resolution_corriger", args=[resolution.pk])
    for role in VOIENT:
        assert (adresse in client_de(role).get(resolution.get_absolute_url()).content.decode()) == (
            role == "coordonnateur"
        )


def test_pdf_carries_number_text_count_line_and_hash(client_de, resolution):
    reponse = client_de("agent").get(reverse("scrutins:resolution_pdf", args=[resolution.pk]))
    assert reponse["Content-Type"] == "application/pdf"
    texte = " ".join(page.extract_text() for page in PdfReader(BytesIO(reponse.content)).pages)
    texte = " ".join(texte.replace("\u00a0", " ").split())
    ligne = EvenementRegistre.objects.get(genre="resolution")
    for morceau in (
        resolution.code,
        "Que la somme soit accordée.",
        "2 pour, 0 contre, 0 abstention",
        "3 voix appelées",
        f"Ligne {ligne.numero} du registre",
    ):
        assert morceau in texte
    assert ligne.empreinte in texte.replace(" ", "")


def test_pdf_of_a_resolution_without_ballot_nor_line(client_de):
    resolution = ResolutionFactory()
    assert client_de("agent").get(reverse("scrutins:resolution_pdf", args=[resolution.pk])).status_code == 200


@pytest.mark.parametrize("nb", [1, 3])
def test_list_says_which_are_corrected_in_as_many_queries(nb, client_de, resolution, django_assert_num_queries):
    for rang in range(nb):
        inscrire_resolution(
            instance_gouvernance=resolution.instance_gouvernance,
            exercice=resolution.exercice,
            titre=f"Correction {rang}",
            texte="Texte",
            adoptee_le=resolution.adoptee_le,
            auteur=None,
            corrige=resolution,
        )
    client = client_de("agent")
    client.get(reverse("scrutins:resolution_liste"))
    with django_assert_num_queries(REQUETES_LISTE):
        contenu = client.get(reverse("scrutins:resolution_liste")).content.decode()
    assert "Corrigée" in contenu


def test_page_of_a_ballot_says_its_lines_to_those_who_see_the_register(client_de, resolution):
    adresse = reverse("scrutins:scrutin_detail", args=[resolution.scrutin.pk])
    contenu = client_de("agent").get(adresse).content.decode()
    assert "5 lignes au registre des décisions" in contenu
    assert f"?objet=scrutin%20{resolution.scrutin.pk}" in contenu


def test_correction_voted_by_a_free_ballot_cites_the_first(client_de, resolution):
    scrutin = ouvrir_question(
        instance_gouvernance=resolution.instance_gouvernance,
        question="Montant corrigé",
        texte="Le montant est de 200 $.",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=UtilisateurFactory(),
        corrige=resolution,
    )
    for electeur in scrutin.electeurs.select_related("utilisateur"):
        voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.POUR)
    correction = Resolution.objects.get(corrige=resolution)
    assert (correction.code, correction.scrutin) == ("CP-2025-2026-002", scrutin)
    assert correction.texte.startswith(f"Corrige la résolution {resolution.code}.")
    assert EvenementRegistre.objects.get(objet=f"resolution {correction.pk}").valeurs["corrige"] == resolution.code
    assert correction.code in client_de("agent").get(resolution.get_absolute_url()).content.decode()
    assert verifier_registre().est_entier


def test_who_reads_the_page_of_a_resolution(client_de, resolution):
    adresse = reverse("scrutins:resolution_detail", args=[resolution.pk])
    lecture = {role: client_de(role).get(adresse).status_code for role in PERSONAS}
    # A partner reads some, not this one; the administrateur none.
    assert lecture == dict.fromkeys(VOIENT, 200) | {"partenaire": 404, "administrateur": 403}
