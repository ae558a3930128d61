"""Reminders: who, when, once; phone answers; what waits; closing late."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from demarche.comptes.protocoles import PAGES
from demarche.gouvernance.enums import Choix, Issue, ModeDecision
from demarche.gouvernance.models import Mandat, Resolution
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.registre.services.lignes import tete_du_registre
from demarche.scrutins.enums import CanalVote, EtatScrutin
from demarche.scrutins.models import Rappel, Vote
from demarche.scrutins.protocoles import OBJETS
from demarche.scrutins.queries import (
    electeurs_du_scrutin,
    groupes_de_participations,
    qui_bloque,
    scrutins_loin_du_quorum,
    voix_en_attente,
)
from demarche.scrutins.services.electeurs import noter_consultation
from demarche.scrutins.services.questions import ouvrir_question
from demarche.scrutins.services.rappels import rappeler
from demarche.scrutins.services.scrutins import clore_echus, clore_si_echu, ouvrir_scrutin
from demarche.scrutins.services.votes import inscrire_vote_telephone, recuser, voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from partenaires.services.scrutins import ouvrir_scrutin_assemblee
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    ResolutionFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
JOURS = datetime.timedelta(days=1)
HEURES = datetime.timedelta(hours=1)


@pytest.fixture
def comite():
    return [MandatFactory().utilisateur for _ in range(3)]


def ouvrir(**autres):
    champs = {
        "instance_gouvernance": InstanceGouvernanceFactory(comite=True),
        "question": "Adopter le calendrier?",
        "texte": "Il est résolu d’adopter le calendrier.",
        "echeance": timezone.now() + 7 * JOURS,
        "auteur": UtilisateurFactory(),
    }
    return ouvrir_scrutin(**{**champs, **autres})


def rappels():
    return list(
        Courriel.objects.filter(sujet__startswith="Rappel").order_by("pk").values_list("destinataire", flat=True)
    )


@pytest.mark.regle("R5")
def test_reminder_goes_within_48_hours_and_not_before(comite, horloge):
    scrutin = ouvrir()
    horloge.move_to(scrutin.echeance - 48 * HEURES - datetime.timedelta(seconds=1))
    assert rappeler() == 0
    horloge.move_to(scrutin.echeance - 48 * HEURES)
    assert rappeler() == 3
    assert rappels() == [membre.email for membre in comite]


@pytest.mark.regle("R5")
def test_nobody_is_reminded_twice_of_one_deadline(comite, horloge):
    scrutin = ouvrir()
    horloge.move_to(scrutin.echeance - 40 * HEURES)
    assert [rappeler(), rappeler()] == [3, 0]
    horloge.move_to(scrutin.echeance - HEURES)
    assert rappeler() == 0
    assert Rappel.objects.count() == 3


def test_who_voted_or_stood_aside_is_left_alone(comite, horloge):
    scrutin = ouvrir()
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    recuser(scrutin.pk, auteur=comite[1])
    horloge.move_to(scrutin.echeance - HEURES)
    rappeler()
    assert rappels() == [comite[2].email]


def test_a_ballot_of_less_than_a_day_reminds_nobody(comite, horloge):
    scrutin = ouvrir(echeance=timezone.now() + 30 * HEURES)
    horloge.move_to(scrutin.ouvert_le + 24 * HEURES - datetime.timedelta(seconds=1))
    assert rappeler() == 0
    horloge.move_to(scrutin.ouvert_le + 24 * HEURES)
    assert rappeler() == 3


def test_one_message_a_person_lists_all_their_ballots(comite, horloge):
    premier = ouvrir(question="Adopter le budget?")
    ouvrir(question="Nommer un signataire?", echeance=premier.echeance + HEURES)
    horloge.move_to(premier.echeance - 40 * HEURES)
    assert rappeler() == 3
    texte = Courriel.objects.filter(destinataire=comite[0].email).latest("pk").texte
    assert texte.index("Adopter le budget?") < texte.index("Nommer un signataire?")
    assert Rappel.objects.count() == 6


@pytest.mark.regle("R5")
def test_a_ballot_opened_since_adds_nothing_to_a_deadline_already_recalled(comite, horloge):
    premier = ouvrir(question="Adopter le budget?")
    horloge.move_to(premier.echeance - 40 * HEURES)
    assert rappeler() == 3
    ouvrir(question="Nommer un signataire?", echeance=premier.echeance)
    autre = ouvrir(question="Changer le logo?", echeance=premier.echeance + HEURES)
    horloge.shift(24 * HEURES)
    assert [rappeler(), rappeler()] == [3, 0]
    texte = Courriel.objects.filter(destinataire=comite[0].email).latest("pk").texte
    assert [q in texte for q in ("budget", "signataire", "logo")] == [False, False, True]
    assert {ligne.dernier_rappel for ligne in qui_bloque(autre).sans_ouvrir} == {timezone.now()}


@pytest.mark.regle("R5")
def test_a_new_holder_is_reminded_of_a_deadline_recalled_to_the_former_one(comite, horloge):
    scrutin = ouvrir()
    horloge.move_to(scrutin.echeance - 40 * HEURES)
    rappeler()
    mandat = Mandat.objects.get(utilisateur=comite[0])
    mandat.au = timezone.localdate() - JOURS
    mandat.save()
    successeur = MandatFactory(siege=mandat.siege, du=timezone.localdate()).utilisateur
    ligne = next(ligne for ligne in qui_bloque(scrutin).sans_ouvrir if ligne.titulaire == successeur)
    assert ligne.dernier_rappel is None
    assert rappeler() == 1
    assert rappels()[-1] == successeur.email


@pytest.mark.regle("R5")
def test_a_scheduler_that_was_down_sends_no_burst(comite, horloge):
    passe = ouvrir(echeance=timezone.now() + 3 * JOURS)
    ouvrir(echeance=timezone.now() + 4 * JOURS)
    horloge.move_to(passe.echeance + HEURES)
    assert rappeler() == 3
    assert Rappel.objects.filter(electeurs__scrutin=passe).count() == 0


def test_the_holder_of_today_is_reminded(comite, horloge):
    scrutin = ouvrir()
    horloge.move_to(scrutin.echeance - 2 * JOURS)
    mandat = Mandat.objects.get(utilisateur=comite[0])
    mandat.au = timezone.localdate() - JOURS
    mandat.save()
    successeur = MandatFactory(siege=mandat.siege, du=timezone.localdate()).utilisateur
    rappeler()
    assert sorted(rappels()) == sorted([successeur.email, comite[1].email, comite[2].email])


def test_a_seat_become_vacant_and_who_asks_are_not_reminded(comite, horloge):
    demandeur = UtilisateurFactory()
    scrutin = ouvrir(demandeur=demandeur)
    horloge.move_to(scrutin.echeance - 2 * JOURS)
    for membre in comite[:2]:
        Mandat.objects.filter(utilisateur=membre).update(au=timezone.localdate() - JOURS)
    siege = Mandat.objects.get(utilisateur=comite[0]).siege
    MandatFactory(siege=siege, utilisateur=demandeur, du=timezone.localdate())
    rappeler()
    assert rappels() == [comite[2].email]


def test_a_partner_is_reminded_as_long_as_its_account_speaks_for_it(personne_de, horloge):
    partenaire = personne_de("partenaire")
    scrutin = ouvrir_scrutin_assemblee(
        instance_gouvernance=InstanceGouvernanceFactory(assemblee=True),
        question="Adopter le plan?",
        texte="Il est résolu.",
        echeance=timezone.now() + 3 * JOURS,
        auteur=UtilisateurFactory(),
    )
    assert [e.scrutin for e in voix_en_attente(partenaire)] == [scrutin]
    horloge.move_to(scrutin.echeance - 40 * HEURES)
    assert rappeler() == 1
    affiliation = partenaire.personne.affiliations.get()
    affiliation.au = timezone.localdate() - JOURS
    affiliation.save()
    Rappel.objects.all().delete()
    assert rappeler() == 0
    assert list(voix_en_attente(partenaire)) == []


def test_commands_say_what_they_did(comite, horloge):
    scrutin = ouvrir()
    horloge.move_to(scrutin.echeance - HEURES)
    sortie = StringIO()
    call_command("rappeler_scrutins", stdout=sortie)
    horloge.move_to(scrutin.echeance)
    call_command("clore_scrutins", stdout=sortie)
    assert sortie.getvalue().splitlines() == ["Rappels envoyés : 3", "Scrutins clos : 1"]


def test_rappeler_query_count_of_readings_does_not_depend_on_ballots(comite, horloge, django_assert_num_queries):
    from demarche.scrutins.services.rappels import a_rappeler

    for _ in range(3):
        scrutin = ouvrir()
    horloge.move_to(scrutin.echeance - HEURES)
    with django_assert_num_queries(5):
        assert {len(liste) for liste in a_rappeler(timezone.now()).values()} == {3}


@pytest.mark.regle("R5")
def test_a_late_scheduler_closes_at_the_deadline(comite, horloge):
    scrutin = ouvrir()
    for membre in comite[:2]:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    horloge.move_to(scrutin.echeance + 3 * JOURS)
    with pytest.raises(ErreurMetier, match="échéance"):
        voter(scrutin.pk, auteur=comite[2], choix=Choix.CONTRE)
    assert clore_si_echu(scrutin.pk)
    scrutin.refresh_from_db()
    assert (scrutin.clos_le, scrutin.issue, scrutin.nb_contre) == (scrutin.echeance, Issue.ADOPTEE, 0)


def test_the_message_of_a_close_has_the_head_of_the_register(comite, horloge):
    ExerciceFactory()
    scrutin = ouvrir(inscrit_resolution=True)
    for membre in comite:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    courriels = Courriel.objects.filter(sujet__startswith="Scrutin clos")
    assert sorted(c.destinataire for c in courriels) == sorted(membre.email for membre in comite)
    assert all(tete_du_registre().empreinte in courriel.texte for courriel in courriels)
    assert all(Resolution.objects.get().code in courriel.texte for courriel in courriels)


def test_a_ballot_that_cannot_draw_its_consequence_does_not_stop_the_others(comite, horloge):
    sans_exercice = ouvrir(inscrit_resolution=True)
    autre = ouvrir()
    for membre in comite[:2]:
        voter(sans_exercice.pk, auteur=membre, choix=Choix.POUR)
    horloge.move_to(autre.echeance)
    assert clore_echus() == 1
    sans_exercice.refresh_from_db()
    assert sans_exercice.etat == EtatScrutin.OUVERT


def test_phone_answer_is_told_and_can_be_changed_online(comite):
    scrutin = ouvrir()
    agent = UtilisateurFactory(agent=True)
    electeur = scrutin.electeurs.get(utilisateur=comite[0])
    inscrire_vote_telephone(scrutin.pk, electeur_pk=electeur.pk, choix=Choix.CONTRE, commentaire="", auteur=agent)
    vote = Vote.objects.get()
    assert (vote.canal, vote.inscrit_par, vote.utilisateur) == (CanalVote.TELEPHONE, agent, comite[0])
    texte = Courriel.objects.get(destinataire=comite[0].email).texte
    assert str(agent) in texte
    assert "changez votre vote vous-même" in texte
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    vote.refresh_from_db()
    assert (vote.choix, vote.canal, vote.inscrit_par) == (Choix.POUR, CanalVote.EN_LIGNE, None)


@pytest.mark.regle("R5")
def test_last_answer_by_phone_says_that_the_ballot_is_closed(comite):
    scrutin = ouvrir()
    for electeur in scrutin.electeurs.all():
        inscrire_vote_telephone(
            scrutin.pk, electeur_pk=electeur.pk, choix=Choix.POUR, commentaire="", auteur=UtilisateurFactory()
        )
    confirmations = Courriel.objects.filter(sujet__startswith="Votre vote").order_by("pk")
    assert ["le scrutin est clos" in c.texte for c in confirmations] == [False, False, True]
    assert ["changez votre vote" in c.texte for c in confirmations] == [True, True, False]


@pytest.mark.regle("R5")
def test_phone_answer_on_ones_own_seat_or_for_a_recused_one_is_refused(comite):
    scrutin = ouvrir()
    recuser(scrutin.pk, auteur=comite[1])
    for membre, phrase in ((comite[0], "sa propre voix"), (comite[1], "récusé")):
        electeur = scrutin.electeurs.get(utilisateur=membre)
        with pytest.raises(ErreurMetier, match=phrase):
            inscrire_vote_telephone(
                scrutin.pk, electeur_pk=electeur.pk, choix=Choix.POUR, commentaire="", auteur=comite[0]
            )
    assert not Vote.objects.exists()


@pytest.mark.regle("R5")
def test_qui_bloque_has_each_voice_once(comite):
    comite.append(MandatFactory().utilisateur)
    scrutin = ouvrir()
    a_ouvert, a_vote, recuse, _ = scrutin.electeurs.order_by("numero")
    noter_consultation(a_ouvert, par=comite[0])
    voter(scrutin.pk, auteur=comite[1], choix=Choix.POUR)
    recuser(scrutin.pk, auteur=comite[2])
    suivi = qui_bloque(scrutin)
    groupes = [suivi.sans_ouvrir, suivi.sans_voter, suivi.ont_vote, suivi.recuses]
    assert [[ligne.titulaire for ligne in groupe] for groupe in groupes] == [
        [comite[3]],
        [comite[0]],
        [comite[1]],
        [comite[2]],
    ]


def test_first_display_is_noted_once(comite, horloge):
    electeur = ouvrir().electeurs.first()
    noter_consultation(electeur, par=comite[0])
    premiere = timezone.now()
    horloge.shift(HEURES)
    noter_consultation(electeur, par=comite[0])
    electeur.refresh_from_db()
    assert electeur.consulte_le == premiere


@pytest.mark.regle("R5")
def test_the_display_of_a_former_holder_is_not_that_of_the_new_one(comite):
    scrutin = ouvrir()
    electeur = scrutin.electeurs.get(utilisateur=comite[0])
    noter_consultation(electeur, par=comite[0])
    assert [ligne.titulaire for ligne in qui_bloque(scrutin).sans_voter] == [comite[0]]
    mandat = Mandat.objects.get(utilisateur=comite[0])
    mandat.au = timezone.localdate() - JOURS
    mandat.save()
    successeur = MandatFactory(siege=mandat.siege, du=timezone.localdate()).utilisateur
    assert qui_bloque(scrutin).sans_voter == ()
    noter_consultation(electeur, par=successeur)
    assert [ligne.titulaire for ligne in qui_bloque(scrutin).sans_voter] == [successeur]


@pytest.mark.parametrize("nombre", [1, 3, 12])
def test_reading_a_ballot_asks_as_many_queries_whatever_its_voices(nombre, django_assert_num_queries):
    for _ in range(nombre):
        MandatFactory()
    SiegeFactory()
    scrutin = ouvrir()
    with django_assert_num_queries(2):
        groupes = groupes_de_participations(scrutin, electeurs_du_scrutin(scrutin))
    assert [(g.etat, len(g.voix)) for g in groupes] == [("attendu", nombre), ("vacant", 1)]
    with django_assert_num_queries(3):
        qui_bloque(scrutin)


@pytest.mark.parametrize("nombre", [1, 3, 12])
def test_what_waits_asks_as_many_queries_whatever_the_ballots(comite, nombre, django_assert_num_queries):
    for _ in range(nombre):
        ouvrir()
    mandats_du_jour(comite[0])
    with django_assert_num_queries(4):
        voix = voix_en_attente(comite[0])
        OBJETS.pages_des_scrutins(electeur.scrutin for electeur in voix)
    assert len(voix) == nombre


def test_a_question_goes_to_an_instance_that_answers_at_a_distance():
    ExerciceFactory()
    instance = InstanceGouvernanceFactory(comite=True, mode_decision=ModeDecision.MAIN_LEVEE)
    MandatFactory(siege__instance_gouvernance=instance)
    with pytest.raises(ErreurMetier, match="ne répond pas à distance"):
        ouvrir_question(
            instance_gouvernance=instance,
            question="Adopter?",
            texte="Il est résolu.",
            echeance=timezone.now() + JOURS,
            auteur=UtilisateurFactory(),
        )


@pytest.mark.parametrize("clos", [None, True])
def test_a_question_closes_in_an_open_exercice(comite, clos):
    if clos:
        ExerciceFactory(clos=True)
    with pytest.raises(ErreurMetier, match="exercice"):
        ouvrir_question(
            instance_gouvernance=InstanceGouvernanceFactory(comite=True),
            question="Adopter?",
            texte="Il est résolu.",
            echeance=timezone.now() + JOURS,
            auteur=UtilisateurFactory(),
        )


def test_a_correction_belongs_to_the_instance_that_decided(comite):
    autre = ResolutionFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    with pytest.raises(ErreurMetier, match="autre instance"):
        ouvrir_question(
            instance_gouvernance=InstanceGouvernanceFactory(comite=True),
            question="Corriger?",
            texte="Il est résolu.",
            echeance=timezone.now() + JOURS,
            auteur=UtilisateurFactory(),
            corrige=autre,
        )


@pytest.mark.regle("R5")
def test_nobody_abstains_from_a_written_resolution(comite):
    scrutin = ouvrir(mode=ModeDecision.RESOLUTION_ECRITE)
    electeur, agent = scrutin.electeurs.first(), UtilisateurFactory()
    for geste in (
        lambda: voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.ABSTENTION),
        lambda: inscrire_vote_telephone(
            scrutin.pk, electeur_pk=electeur.pk, choix=Choix.ABSTENTION, commentaire="", auteur=agent
        ),
    ):
        with pytest.raises(ErreurMetier, match="se signe ou non"):
            geste()
    assert not Vote.objects.exists()


@pytest.mark.regle("R5")
def test_coordination_is_warned_within_48_hours_of_a_ballot_without_its_quorum(comite, horloge, personne_de):
    scrutin = ouvrir()
    coordination = personne_de("coordonnateur")
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)

    def avertissements(compte=coordination):
        return [a.precision for a in PAGES.attentes_de(compte) if a.verbe == "Quorum pas atteint"]

    horloge.move_to(scrutin.echeance - 48 * HEURES - datetime.timedelta(seconds=1))
    assert avertissements() == []
    horloge.move_to(scrutin.echeance - 48 * HEURES)
    assert avertissements() == ["1 réponse, il en faut 2"]
    assert avertissements(comite[1]) == []
    voter(scrutin.pk, auteur=comite[1], choix=Choix.POUR)
    assert avertissements() == []


@pytest.mark.parametrize("nombre", [1, 3])
def test_warning_asks_as_many_queries_whatever_the_ballots(comite, horloge, django_assert_num_queries, nombre):
    for _ in range(nombre):
        scrutin = ouvrir()
    recuser(scrutin.pk, auteur=comite[0])
    horloge.move_to(scrutin.echeance - HEURES)
    with django_assert_num_queries(2):
        assert [d.quorum for _, d in scrutins_loin_du_quorum(scrutin.echeance)] == [2] * nombre


@pytest.mark.regle("R5")
def test_page_promises_a_reminder_only_when_one_will_leave(comite, client_de):
    for heures, phrase in ((24, "Aucun rappel ne part"), (25, "Un rappel part de lui-même")):
        page = OBJETS.page_du_scrutin(ouvrir(echeance=timezone.now() + heures * HEURES))
        assert phrase in client_de("agent").get(page).content.decode()
