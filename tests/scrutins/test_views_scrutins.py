"""Pages of ballots: who reads, who answers, what a recent sign-in asks, phone answers, a new question."""

import datetime
import re
import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demarche.gouvernance.enums import Choix, GenreInstance, Issue, ModeDecision
from demarche.gouvernance.models import Mandat, Resolution
from demarche.gouvernance.services.gouvernance import terminer_mandat
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.services.points import ajouter_point
from demarche.scrutins.enums import CanalVote, EtatScrutin
from demarche.scrutins.models import Electeur, Recusation, Scrutin, Vote
from demarche.scrutins.reponses_gardees import CLE, signer_feuille
from demarche.scrutins.services.questions import ouvrir_question
from demarche.scrutins.services.scrutins import annuler_scrutin
from demarche.scrutins.services.votes import recuser, voter
from demarche.scrutins.views.scrutins import ANCRE
from demarche.socle.models import Courriel
from demarche.socle.templatetags.formats import instant
from tests.adresses import adresse_de
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
)
from tests.factories.personas import PERSONAS
from tests.factories.preuves import ApplicationFactory

pytestmark = pytest.mark.django_db
JOURS = datetime.timedelta(days=1)
RECENTE = settings.VOTE_CONNEXION_RECENTE
QUATRE = ["pour", "contre", "abstention", "recusation"]


@pytest.fixture
def comite(personne_de):
    """The persona of the comité, then two other members."""
    ExerciceFactory()
    return [personne_de("membre_comite"), *(MandatFactory().utilisateur for _ in range(2))]


def ouvrir(mode=ModeDecision.EN_LIGNE, **autres):
    instance = InstanceGouvernanceFactory(comite=True)
    instance.mode_decision = mode
    instance.save()
    champs = {
        "instance_gouvernance": instance,
        "question": "Adopter le calendrier des rencontres?",
        "texte": "Il est résolu d’adopter le calendrier.",
        "echeance": timezone.now() + 7 * JOURS,
        "auteur": UtilisateurFactory(),
    }
    return ouvrir_question(**{**champs, **autres})


@pytest.fixture
def scrutin(comite):
    return ouvrir()


def adresse(route, scrutin):
    return adresse_de(f"scrutin_{route}", args=[scrutin.pk])


def lire(client, scrutin, **options):
    return client.get(adresse("detail", scrutin), **options).content.decode()


def repondre(client, scrutin, choix="pour", commentaire="", **options):
    donnees = {"choix": choix, "commentaire": commentaire}
    return client.post(adresse("voter", scrutin), donnees, **options)


def client_ancien(utilisateur, age=RECENTE):
    """A client whose session proved who it is so many seconds ago."""
    client = Client()
    client.force_login(utilisateur)
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - age}]
    session.save()
    return client


# Who opens what.

LECTURE = {"partenaire": 404, "administrateur": 404}


def test_only_a_voice_called_answers(client_de, scrutin):
    statuts = {role: repondre(client_de(role), scrutin).status_code for role in PERSONAS}
    assert statuts == dict.fromkeys(PERSONAS, 302) | LECTURE
    assert [vote.electeur.utilisateur.email for vote in Vote.objects.all()] == ["membre@exemple.test"]


def test_another_method_is_refused(client_de, scrutin):
    client = client_de("coordonnateur")
    for route in ("detail", "voter", "telephone", "annuler"):
        assert client.put(adresse(route, scrutin)).status_code == 405


# What the page says.


@pytest.mark.parametrize(
    ("mode", "phrase", "reponses"),
    [
        (ModeDecision.EN_LIGNE, "Scrutin en ligne.", ["pour", "contre", "abstention", "recusation"]),
        (
            ModeDecision.CONSULTATION,
            "à entériner à la prochaine rencontre",
            ["pour", "contre", "abstention", "recusation"],
        ),
        (ModeDecision.RESOLUTION_ECRITE, "que si toutes les voix appelées signent", ["pour", "contre", "recusation"]),
    ],
)
def test_each_mode_says_what_it_means(client_de, comite, mode, phrase, reponses):
    page = lire(client_de("membre_comite"), ouvrir(mode))
    assert phrase in page
    assert re.findall(r'name="choix" value="(\w+)"', page) == reponses


@pytest.mark.regle("R5")
def test_a_written_resolution_is_signed(client_de, comite):
    scrutin = ouvrir(ModeDecision.RESOLUTION_ECRITE)
    client = client_de("membre_comite")
    assert "Je ne signe pas" in lire(client, scrutin)
    assert "trois réponses" in repondre(client, scrutin, "", follow=True).content.decode()
    assert "ne prend pas cette réponse" in repondre(client, scrutin, "abstention", follow=True).content.decode()
    repondre(client, scrutin)
    assert "Vous avez répondu\u00a0: Je signe" in lire(client, scrutin)


def test_open_page_says_who_answered_never_how(client_de, scrutin, comite):
    voter(scrutin.pk, auteur=comite[1], choix=Choix.CONTRE, commentaire="Secret")
    page = lire(client_de("coordonnateur"), scrutin)
    assert "Ont répondu" in page
    assert "Secret" not in page
    assert "Contre" not in page


@pytest.mark.regle("R5")
def test_closed_page_gives_the_count_not_who_answered_what(client_de, scrutin, comite):
    for membre, choix in zip(comite, [Choix.POUR, Choix.POUR, Choix.CONTRE], strict=True):
        voter(scrutin.pk, auteur=membre, choix=choix)
    page = lire(client_de("coordonnateur"), scrutin)
    assert Resolution.objects.get().code in page
    assert page.count("Contre") == 1  # the count
    assert "Qui a participé" in page


def test_cancelled_page_says_why(client_de, scrutin):
    annuler_scrutin(scrutin.pk, motif="La question était mal posée.", auteur=UtilisateurFactory())
    page = lire(client_de("membre_comite"), scrutin)
    assert "La question était mal posée." in page
    assert 'name="choix"' not in page


def test_a_ballot_of_a_meeting_is_read_without_answers(client_de, comite):
    scrutin = ScrutinFactory(main_levee=True, clos=True, nb_presents=3, nb_pour=3)
    page = lire(client_de("membre_comite"), scrutin)
    assert "Personnes présentes" in page
    assert 'name="choix"' not in page


def test_first_display_to_a_voice_is_noted_once(client_de, scrutin, comite, horloge):
    lire(client_de("coordonnateur"), scrutin)
    assert not Electeur.objects.exclude(consulte_le=None).exists()
    lire(client_de("membre_comite"), scrutin)
    premiere = timezone.now()
    horloge.shift(JOURS)
    lire(client_de("membre_comite"), scrutin)
    assert Electeur.objects.get(utilisateur=comite[0]).consulte_le == premiere


def test_list_says_which_ballots_wait_for_me_and_until_when(client_de, scrutin):
    client = client_de("membre_comite")
    page = client.get(reverse("scrutins:scrutin_liste")).content.decode()
    assert page.count("Vous n’avez pas répondu") == 1
    assert instant(scrutin.echeance) in page
    repondre(client, scrutin, "pour")
    assert "Vous n’avez pas répondu" not in client.get(reverse("scrutins:scrutin_liste")).content.decode()
    assert "Vous n’avez pas répondu" not in client_de("agent").get(reverse("scrutins:scrutin_liste")).content.decode()


def test_only_the_team_reads_qui_bloque(client_de, scrutin):
    assert "Qui bloque?" in lire(client_de("agent"), scrutin)
    assert "Qui bloque?" not in lire(client_de("membre_comite"), scrutin)


# Answering.


def test_member_answers_and_changes(client_de, scrutin):
    client = client_de("membre_comite")
    assert "À voter avant le" in lire(client, scrutin)
    page = repondre(client, scrutin, "pour", follow=True).content.decode()
    assert "Votre vote est enregistré : Pour." in page
    assert "Vous avez voté Pour. Vous pouvez changer jusqu’au" in page
    assert "À voter avant le" not in page
    repondre(client, scrutin, "contre", "Trop tôt.")
    vote = Vote.objects.get()
    assert (vote.choix, vote.commentaire, vote.canal) == (Choix.CONTRE, "Trop tôt.", CanalVote.EN_LIGNE)
    assert "Changer ma réponse" in lire(client, scrutin)


def test_standing_aside_is_explained_and_final(client_de, scrutin):
    client = client_de("membre_comite")
    page = repondre(client, scrutin, "recusation", "Mon organisme.", follow=True).content.decode()
    assert Recusation.objects.get().motif == "Mon organisme."
    assert "Votre récusation est notée : vous n’avez rien d’autre à faire" in page
    assert 'name="choix"' not in page
    assert "récusé" in repondre(client, scrutin, "pour", follow=True).content.decode()
    assert not Vote.objects.exists()


def test_an_empty_answer_is_told_and_keeps_the_comment(client_de, scrutin):
    client = client_de("membre_comite")
    page = repondre(client, scrutin, "", "Bonne idée", follow=True).content.decode()
    assert "Choisissez une des quatre réponses." in page
    assert "Bonne idée" in page
    repondre(client, scrutin, "pour", "Bonne idée")
    assert "Choisissez une des" not in lire(client, scrutin)


def test_a_comment_too_long_is_refused_and_kept(client_de, scrutin):
    page = repondre(client_de("membre_comite"), scrutin, "pour", "a" * 1001, follow=True).content.decode()
    assert "a" * 1001 in page
    assert not Vote.objects.exists()


def test_last_answer_closes(client_de, scrutin, comite):
    for membre in comite[1:]:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    assert "le scrutin est clos" in repondre(client_de("membre_comite"), scrutin, follow=True).content.decode()
    scrutin.refresh_from_db()
    assert scrutin.issue == Issue.ADOPTEE


@pytest.mark.regle("R5")
def test_answer_after_the_deadline_is_refused_even_if_nobody_closed(client_de, scrutin, horloge):
    client = client_de("membre_comite")
    lire(client, scrutin)
    horloge.move_to(scrutin.echeance)
    repondre(client, scrutin)
    scrutin.refresh_from_db()
    assert (scrutin.etat, scrutin.clos_le) == (EtatScrutin.CLOS, scrutin.echeance)
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "chemin", ["/scrutins/", "/espace/", "/demandes/", "/registre/", "/budget/", "/compte/sessions/"]
)
def test_any_page_closes_the_overdue_ballots_first(client_de, scrutin, horloge, chemin):
    client = client_de("membre_comite")
    horloge.move_to(scrutin.echeance + JOURS)
    assert client.get(chemin).status_code == 200
    scrutin.refresh_from_db()
    assert scrutin.clos_le == scrutin.echeance


def test_a_ballot_that_cannot_close_is_still_shown(client_de, comite, horloge):
    scrutin = ouvrir()
    for membre in comite[:2]:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    client = client_de("membre_comite")
    exercice = ExerciceFactory()
    exercice.est_clos = True
    exercice.save()
    horloge.move_to(scrutin.echeance)
    assert "Échéance passée" in lire(client, scrutin)


@pytest.mark.regle("R5")
def test_mandate_ended_today_does_not_answer_from_a_session_of_yesterday(client_de, scrutin, comite, horloge):
    client = client_de("membre_comite")
    horloge.shift(JOURS)
    mandat = Mandat.objects.get(utilisateur=comite[0])
    terminer_mandat(mandat, au=timezone.localdate(), auteur=UtilisateurFactory())
    assert repondre(client, scrutin).status_code == 404
    assert not Vote.objects.exists()


def test_partner_reads_and_answers_a_ballot_of_the_assemblee(client_de, personne_de, comite):
    personne_de("partenaire")
    instance = InstanceGouvernanceFactory(assemblee=True, mode_decision=ModeDecision.EN_LIGNE)
    scrutin = ouvrir_question(
        instance_gouvernance=instance,
        question="Adopter le plan?",
        texte="Il est résolu.",
        echeance=timezone.now() + JOURS,
        auteur=UtilisateurFactory(),
    )
    client = client_de("partenaire")
    assert "Adopter le plan?" in client.get("/espace/").content.decode()
    assert "Envoyer mon vote" in lire(client, scrutin)
    repondre(client, scrutin)
    scrutin.refresh_from_db()
    assert (Vote.objects.get().electeur.siege, scrutin.etat) == (None, EtatScrutin.CLOS)


# A recent sign-in.


@pytest.mark.regle("R5")
def test_an_old_sign_in_keeps_the_answer_and_asks_for_a_code(comite, scrutin, client):
    client = client_ancien(comite[0])
    reponse = repondre(client, scrutin, "contre", "Trop cher pour nous.")
    assert reponse.url.startswith(reverse("account_confirm_login_code"))
    assert not Vote.objects.exists()
    code = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", Courriel.objects.latest("pk").texte, re.M)[1]
    page = client.post(reponse.url, {"code": code}, follow=True)
    assert page.redirect_chain[-1][0].startswith(adresse("detail", scrutin))
    texte = page.content.decode()
    assert "Votre réponse n’est pas encore envoyée" in texte
    assert "Trop cher pour nous." in texte
    assert re.search(r'value="contre" checked', texte)
    assert not Vote.objects.exists()
    repondre(client, scrutin, "contre", "Trop cher pour nous.")
    assert Vote.objects.get().commentaire == "Trop cher pour nous."
    assert "pas encore envoyée" not in lire(client, scrutin)


@pytest.mark.regle("R5")
def test_the_age_of_the_sign_in_has_its_bound(comite, scrutin):
    repondre(client_ancien(comite[0], RECENTE - 1), scrutin)
    repondre(client_ancien(comite[1], RECENTE), scrutin)
    assert Vote.objects.get().utilisateur == comite[0]


def test_a_recusal_too_asks_for_a_recent_sign_in(comite, scrutin):
    repondre(client_ancien(comite[0]), scrutin, "recusation")
    assert not Recusation.objects.exists()


@pytest.mark.regle("R5")
def test_somebody_else_never_receives_the_kept_answer(comite, scrutin):
    client = client_ancien(comite[0])
    repondre(client, scrutin, "contre", "Trop cher pour nous.")
    assert client.session[CLE]["utilisateur"] == comite[0].pk
    client.force_login(comite[1])
    page = lire(client, scrutin)
    assert "Trop cher" not in page
    assert "pas encore envoyée" not in page
    assert CLE not in client.session


def test_a_kept_answer_copied_under_another_account_is_not_shown(comite, scrutin):
    client = Client()
    client.force_login(comite[1])
    session = client.session
    session[CLE] = {"utilisateur": comite[0].pk, str(scrutin.pk): ["contre", "Trop cher", False]}
    session.save()
    assert "Trop cher" not in lire(client, scrutin)


def test_a_passkey_or_an_application_proves_without_signing_out(comite, scrutin):
    ApplicationFactory(user=comite[0])
    client = client_ancien(comite[0])
    reponse = repondre(client, scrutin, "contre", "Trop cher.")
    assert reponse.url.startswith(reverse("mfa_reauthenticate"))
    assert client.get(reponse.url).status_code == 200
    assert "Trop cher." in lire(client, scrutin)
    assert not Vote.objects.exists()


def test_back_from_a_sign_in_on_the_way_leads_to_the_page(client_de, scrutin):
    assert client_de("membre_comite").get(adresse("voter", scrutin)).url == adresse("detail", scrutin) + ANCRE


def repondre_session_finie(client, scrutin, commentaire="Trop cher pour nous."):
    """Read the form, let the session end, then send the answer; return what the visitor receives."""
    feuille = re.search(r'name="feuille" value="([^"]+)"', lire(client, scrutin))[1]
    client.logout()
    donnees = {"choix": "contre", "commentaire": commentaire, "feuille": feuille}
    return client.post(adresse("voter", scrutin), donnees)


@pytest.mark.regle("R5")
def test_an_answer_sent_once_the_session_has_ended_survives_the_sign_in(comite, scrutin, client):
    client.force_login(comite[0])
    reponse = repondre_session_finie(client, scrutin)
    assert reponse.url.startswith("/compte/login/")
    assert not Vote.objects.exists()
    page = client.post(reponse.url, {"login": comite[0].email}, follow=True)
    code = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", Courriel.objects.latest("pk").texte, re.M)[1]
    page = client.post(page.redirect_chain[-1][0], {"code": code}, follow=True)
    assert page.redirect_chain[-1][0].startswith(adresse("detail", scrutin))
    texte = page.content.decode()
    assert "Votre réponse n’est pas encore envoyée" in texte
    assert "Trop cher pour nous." in texte
    assert re.search(r'value="contre" checked', texte)
    assert not Vote.objects.exists()


def test_an_answer_of_an_ended_session_is_shown_to_nobody_else(comite, scrutin, client):
    client.force_login(comite[0])
    repondre_session_finie(client, scrutin)
    client.force_login(comite[1])
    assert "Trop cher" not in lire(client, scrutin)


@pytest.mark.parametrize("feuille", ["", "abc", "autre scrutin"])
def test_an_answer_without_its_sealed_note_is_not_kept(comite, scrutin, client, feuille):
    if feuille == "autre scrutin":
        feuille = signer_feuille(comite[0], scrutin.pk + 1)
    client.post(adresse("voter", scrutin), {"choix": "contre", "commentaire": "Trop cher", "feuille": feuille})
    assert CLE not in client.session


def test_one_click_sign_in_of_the_demonstration_counts(comite, scrutin, settings):
    from importlib import import_module

    demo = import_module("evaluation.demo.views")
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    from demarche.comptes.connexions import connexion_recente

    settings.DEMO = True
    membre = comite[0]
    membre.email = f"membre{demo.SUFFIXE}"
    membre.save()
    request = RequestFactory().post("/")
    request.session, request.user = SessionStore(), membre
    request._messages = FallbackStorage(request)
    demo.demo_connecter(request, membre.pk)
    assert connexion_recente(request, membre)


# Phone answers.


def test_phone_answer_from_the_page(client_de, scrutin, comite):
    client = client_de("agent")
    electeur = Electeur.objects.get(utilisateur=comite[0])
    assert "Inscrire son vote" in lire(client, scrutin)
    donnees = {"electeur": electeur.pk, "choix": "contre", "commentaire": "Pas cette année."}
    client.post(adresse("telephone", scrutin), donnees)
    client.post(adresse("telephone", scrutin), donnees)  # a double click
    assert Vote.objects.get().history.count() == 1
    assert (
        Courriel.objects.filter(destinataire=comite[0].email, sujet__startswith="Votre vote au téléphone").count() == 1
    )
    for role in ("agent", "membre_comite"):
        assert "reçu au téléphone, inscrit par" in lire(client_de(role), scrutin)
    autre = Client()
    autre.force_login(comite[1])
    assert "reçu au téléphone" not in lire(autre, scrutin)


def test_a_closed_ballot_still_tells_the_team_who_wrote_the_phone_answers(client_de, scrutin, comite, horloge):
    electeur = Electeur.objects.get(utilisateur=comite[0])
    donnees = {"electeur": electeur.pk, "choix": "contre", "commentaire": ""}
    client_de("agent").post(adresse("telephone", scrutin), donnees)
    horloge.move_to(scrutin.echeance)
    assert "reçu au téléphone, inscrit par" in lire(client_de("agent"), scrutin)
    autre = Client()
    autre.force_login(comite[1])
    assert "reçu au téléphone" not in lire(autre, scrutin)


def test_phone_answer_of_ones_own_seat_is_refused(client_de, personne_de, scrutin):
    coordination = personne_de("coordonnateur")
    MandatFactory(utilisateur=coordination)
    sien = ouvrir()
    electeur = sien.electeurs.get(utilisateur=coordination)
    page = client_de("coordonnateur").post(
        adresse("telephone", sien), {"electeur": electeur.pk, "choix": "pour", "commentaire": ""}
    )
    assert "sa propre voix" in page.content.decode()
    assert not Vote.objects.exists()


def test_phone_answer_for_a_voice_aside_or_of_another_ballot_is_refused(client_de, scrutin, comite):
    recuser(scrutin.pk, auteur=comite[1])
    client = client_de("agent")
    aside, autre = scrutin.electeurs.get(utilisateur=comite[1]), ouvrir().electeurs.first()
    for electeur, phrase in ((aside, "récusé"), (autre, "pas appelée")):
        donnees = {"electeur": electeur.pk, "choix": "pour", "commentaire": ""}
        assert phrase in client.post(adresse("telephone", scrutin), donnees).content.decode()
    assert not Vote.objects.exists()


def test_phone_recusal_is_recorded(client_de, scrutin, comite):
    electeur = scrutin.electeurs.get(utilisateur=comite[0])
    client_de("agent").post(
        adresse("telephone", scrutin),
        {"electeur": electeur.pk, "choix": "recusation", "commentaire": "Mon organisme."},
    )
    assert Recusation.objects.get().motif == "Mon organisme."


# A new question.


def test_a_question_is_opened_read_and_written_about(client_de, comite):
    DemarcheFactory()
    client = client_de("coordonnateur")
    page = client.get(reverse("scrutins:scrutin_creer"))
    assert [appele.utilisateur for appele in page.context["appeles"]] == comite
    donnees = {
        "jeton": page.context["form"]["jeton"].value(),
        "question": "Nommer une signataire?",
        "texte": "Il est résolu de nommer la trésorière.",
        "dernier_jour": (timezone.localdate() + 5 * JOURS).isoformat(),
    }
    for _ in range(2):  # a double click
        reponse = client.post(reverse("scrutins:scrutin_creer"), donnees)
    scrutin = Scrutin.objects.get()
    assert reponse.url == adresse("detail", scrutin)
    assert scrutin.inscrit_resolution
    assert timezone.localtime(scrutin.echeance).strftime("%H:%M") == "23:59"
    destinataires = Courriel.objects.filter(sujet__startswith="À voter").values_list("destinataire", flat=True)
    assert sorted(destinataires) == sorted(membre.email for membre in comite)


def test_a_question_past_or_without_text_is_refused_beside_the_field(client_de, comite):
    client = client_de("coordonnateur")
    jeton = client.get(reverse("scrutins:scrutin_creer")).context["form"]["jeton"].value()
    donnees = {"jeton": jeton, "question": "Nommer?", "texte": "", "dernier_jour": "2026-01-20"}
    assert list(client.post(reverse("scrutins:scrutin_creer"), donnees).context["form"].errors) == ["texte"]
    donnees |= {"texte": "Il est résolu.", "dernier_jour": "2026-01-01"}
    assert "avenir" in client.post(reverse("scrutins:scrutin_creer"), donnees).content.decode()
    assert not Scrutin.objects.exists()


def test_a_correction_names_the_resolution_and_its_instance(client_de, comite):
    fautive = ResolutionFactory(instance_gouvernance__comite=True)
    chemin = f"{reverse('scrutins:scrutin_creer')}?corrige={fautive.pk}"
    client = client_de("coordonnateur")
    page = client.get(chemin)
    assert fautive.code in page.content.decode()
    donnees = {
        "jeton": page.context["form"]["jeton"].value(),
        "question": "Corriger le montant?",
        "texte": "Il est résolu de corriger.",
        "dernier_jour": (timezone.localdate() + 5 * JOURS).isoformat(),
    }
    client.post(chemin, donnees)
    assert Scrutin.objects.get().corrige == fautive
    assert client.get(f"{reverse('scrutins:scrutin_creer')}?corrige=x").status_code == 404


def test_several_instances_let_choose_and_none_says_what_to_do(client_de, comite):
    client = client_de("coordonnateur")
    InstanceGouvernanceFactory(assemblee=True, mode_decision=ModeDecision.EN_LIGNE)
    page = client.get(reverse("scrutins:scrutin_creer")).content.decode()
    assert "Quelle instance doit répondre?" in page
    InstanceGouvernanceFactory._meta.model.objects.exclude(genre=GenreInstance.COORDINATION).update(
        mode_decision=ModeDecision.MAIN_LEVEE
    )
    assert "Aucune instance ne répond à distance" in client.get(reverse("scrutins:scrutin_creer")).content.decode()


def test_a_free_ballot_is_cancelled_with_its_reason(client_de, scrutin, comite):
    client = client_de("coordonnateur")
    assert list(client.post(adresse("annuler", scrutin), {"motif": " "}).context["form"].errors) == ["motif"]
    client.post(adresse("annuler", scrutin), {"motif": "Mal posée."})
    scrutin.refresh_from_db()
    assert (scrutin.etat, scrutin.motif_annulation) == (EtatScrutin.ANNULE, "Mal posée.")
    assert Courriel.objects.filter(sujet__startswith="Scrutin annulé").count() == len(comite)


# As many queries, whatever the rows.


@pytest.mark.parametrize("role", ["coordonnateur", "membre_comite"])
def test_the_list_asks_as_many_queries_whatever_its_rows(client_de, comite, role, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_de(role)
    nombres = []
    for _ in range(3):
        ouvrir()
        ScrutinFactory(clos=True)
        with CaptureQueriesContext(
            connection,
        ) as contexte:
            assert client.get(reverse("scrutins:scrutin_liste")).status_code == 200
        nombres.append(len(contexte))
    assert len(set(nombres)) == 1


@pytest.mark.parametrize("role", ["coordonnateur", "membre_comite"])
def test_the_page_asks_as_many_queries_whatever_its_voices(client_de, personne_de, comite, role):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    personne_de(role)
    nombres = []
    for combien in (0, 2, 9):
        for _ in range(combien):
            MandatFactory()
        SiegeFactory()
        scrutin = ouvrir()
        lire(client_de(role), scrutin)
        with CaptureQueriesContext(connection) as contexte:
            lire(client_de(role), scrutin)
        nombres.append(len(contexte))
    assert len(set(nombres)) == 1


def test_an_adopted_consultation_shows_the_team_its_next_step(client_de, comite):
    scrutin = ouvrir(ModeDecision.CONSULTATION)
    for electeur in scrutin.electeurs.all():
        voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.POUR)
    scrutin.refresh_from_db()
    instance = scrutin.instance_gouvernance
    assert "Annoncer la prochaine rencontre" in lire(client_de("coordonnateur"), scrutin)
    rencontre = RencontreFactory(instance_gouvernance=instance, date=timezone.localdate() + datetime.timedelta(days=9))
    page = lire(client_de("coordonnateur"), scrutin)
    assert f"{reverse('rencontres:point_creer', args=[rencontre.pk])}?genre=enterinement" in page
    champs = {"genre": GenrePoint.ENTERINEMENT, "titre": "Le calendrier", "consultation": scrutin}
    ajouter_point(rencontre, champs=champs, auteur=UtilisateurFactory())
    assert "À l’ordre du jour du" in lire(client_de("coordonnateur"), scrutin)
