"""Seats and mandates (R3), and the rule of decision of each instance (R4, R5)."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from demarche.gouvernance.enums import Choix, ModeDecision, RegleMajorite, RegleQuorum, SuiteRecusations
from demarche.gouvernance.models import InstanceGouvernance, Mandat
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.gouvernance.services import gouvernance
from demarche.scrutins.queries import electeurs_du_scrutin, groupes_de_participations
from demarche.scrutins.services.scrutins import ouvrir_scrutin
from demarche.scrutins.services.votes import voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories import DEBUT_EXERCICE, JOUR
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    ResolutionFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)
HIER, DEMAIN = JOUR - UN_JOUR, JOUR + UN_JOUR


@pytest.fixture
def auteur():
    return UtilisateurFactory(coordonnateur=True)


def ouvrir(auteur, question="Question"):
    return ouvrir_scrutin(
        instance_gouvernance=InstanceGouvernanceFactory(comite=True),
        question=question,
        texte="Texte",
        echeance=timezone.now() + 7 * UN_JOUR,
        auteur=auteur,
    )


def test_vacant_seat_is_filled(auteur):
    siege, personne = SiegeFactory(), UtilisateurFactory()
    mandat = gouvernance.pourvoir_siege(siege, utilisateur=personne, du=JOUR, auteur=auteur)
    assert [m.siege for m in mandats_du_jour(personne)] == [siege]
    assert mandat.au is None


def test_second_holder_is_refused_in_french(auteur):
    mandat = MandatFactory(utilisateur__prenom="Ginette", utilisateur__nom="Paquin")
    with pytest.raises(ErreurMetier, match=r"tenu par Ginette Paquin depuis le 1er\S+juillet\S+2025"):
        gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=JOUR, auteur=auteur)
    assert Mandat.objects.count() == 1


@pytest.mark.regle("R3")
@pytest.mark.parametrize(
    ("du", "au", "possible"),
    [
        (JOUR, None, False),
        (DEMAIN, None, True),
        (DEBUT_EXERCICE - datetime.timedelta(days=9), DEBUT_EXERCICE, False),
        (DEBUT_EXERCICE - datetime.timedelta(days=9), DEBUT_EXERCICE - datetime.timedelta(days=1), True),
    ],
)
def test_mandates_of_a_seat_never_share_a_day(auteur, du, au, possible):
    mandat = MandatFactory(du=DEBUT_EXERCICE, au=JOUR)
    if possible:
        assert gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=du, au=au, auteur=auteur)
    else:
        with pytest.raises(ErreurMetier, match="choisissez d’autres dates"):
            gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=du, au=au, auteur=auteur)


@pytest.mark.regle("R3")
def test_one_person_holds_one_seat_of_an_instance(auteur):
    mandat = MandatFactory()
    with pytest.raises(ErreurMetier, match="une personne, une voix"):
        gouvernance.pourvoir_siege(SiegeFactory(), utilisateur=mandat.utilisateur, du=JOUR, auteur=auteur)
    ailleurs = SiegeFactory(instance_gouvernance=InstanceGouvernanceFactory())
    assert gouvernance.pourvoir_siege(ailleurs, utilisateur=mandat.utilisateur, du=JOUR, auteur=auteur)


@pytest.mark.regle("R3")
def test_who_may_not_sit(auteur):
    siege = SiegeFactory()
    for personne, phrase in (
        (auteur, "à soi-même"),
        (UtilisateurFactory(is_active=False), "désactivé"),
        (UtilisateurFactory(administrateur=True), "ne vote nulle part"),
    ):
        with pytest.raises(ErreurMetier, match=phrase):
            gouvernance.pourvoir_siege(siege, utilisateur=personne, du=JOUR, auteur=auteur)
    assert not Mandat.objects.exists()


def test_withdrawn_seat_is_not_filled(auteur):
    with pytest.raises(ErreurMetier, match="n’est plus actif"):
        gouvernance.pourvoir_siege(
            SiegeFactory(est_actif=False), utilisateur=UtilisateurFactory(), du=JOUR, auteur=auteur
        )


def test_mandate_ends_and_the_seat_is_free_the_day_after(auteur):
    mandat = MandatFactory()
    gouvernance.terminer_mandat(mandat, au=HIER, auteur=auteur)
    gouvernance.terminer_mandat(mandat, au=HIER, auteur=auteur)
    assert mandat.history.count() == 2
    assert gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=JOUR, auteur=auteur)


@pytest.mark.parametrize(
    ("du", "au", "fin", "phrase"),
    [(JOUR, None, HIER, "ne peut pas finir avant"), (HIER, JOUR, DEMAIN, "finit déjà")],
)
def test_impossible_end_is_refused(auteur, du, au, fin, phrase):
    with pytest.raises(ErreurMetier, match=phrase):
        gouvernance.terminer_mandat(MandatFactory(du=du, au=au), au=fin, auteur=auteur)


def test_filled_seat_is_not_withdrawn(auteur):
    mandat = MandatFactory()
    champs = {"numero": 1, "genre": "ville", "libelle": "Ville", "est_actif": False}
    with pytest.raises(ErreurMetier, match="terminez d’abord son mandat"):
        gouvernance.enregistrer_siege(
            mandat.siege, instance_gouvernance=mandat.siege.instance_gouvernance, champs=champs, auteur=auteur
        )
    gouvernance.terminer_mandat(mandat, au=HIER, auteur=auteur)
    siege = gouvernance.enregistrer_siege(
        mandat.siege, instance_gouvernance=mandat.siege.instance_gouvernance, champs=champs, auteur=auteur
    )
    assert not siege.est_actif


def test_instance_does_not_hang_under_itself(auteur):
    haut = InstanceGouvernanceFactory()
    bas = InstanceGouvernanceFactory(parent=haut)
    with pytest.raises(ErreurMetier, match="elle-même"):
        gouvernance.modifier_instance(haut, version=1, champs={"parent": bas}, auteur=auteur)


def test_unchanged_instance_leaves_no_trace(auteur):
    instance_gouvernance = InstanceGouvernanceFactory()
    gouvernance.modifier_instance(
        instance_gouvernance, version=1, champs={"nom": instance_gouvernance.nom}, auteur=auteur
    )
    assert instance_gouvernance.history.count() == 1
    assert InstanceGouvernance.objects.get(pk=instance_gouvernance.pk).version == 1


# The rule of decision


def regle(**champs):
    return {
        "mode_decision": ModeDecision.EN_LIGNE,
        "regle_quorum": RegleQuorum.MAJORITE,
        "quorum_nombre": None,
        "regle_majorite": RegleMajorite.SIMPLE,
        "delai_jours": 7,
        "suite_recusations": SuiteRecusations.INSTANCE_SUPERIEURE,
        "nomme_proposeurs": False,
        "source_regle": "",
        **champs,
    }


@pytest.mark.parametrize(
    ("genre", "mode", "quorum"),
    [
        ("comite_pilotage", ModeDecision.EN_LIGNE, RegleQuorum.MAJORITE),
        ("assemblee", ModeDecision.MAIN_LEVEE, RegleQuorum.AUCUN),
        ("coordination", ModeDecision.UNE_PERSONNE, RegleQuorum.MAJORITE),
        ("fiduciaire", ModeDecision.MAIN_LEVEE, RegleQuorum.MAJORITE),
        ("cercle", ModeDecision.MAIN_LEVEE, RegleQuorum.MAJORITE),
    ],
)
def test_kind_gives_the_default_rule_at_creation(auteur, genre, mode, quorum):
    champs = {"nom": "Instance", "genre": genre, "prefixe": "IN"}
    instance_gouvernance = gouvernance.creer_instance(champs=champs, auteur=auteur)
    assert (instance_gouvernance.mode_decision, instance_gouvernance.regle_quorum) == (mode, quorum)
    assert (instance_gouvernance.regle_majorite, instance_gouvernance.source_regle) == (RegleMajorite.SIMPLE, "")


@pytest.mark.parametrize("mode", ModeDecision)
@pytest.mark.parametrize("trait", ["comite", "assemblee", "coordination"])
def test_only_the_coordination_decides_as_one_person(auteur, trait, mode):
    instance_gouvernance = InstanceGouvernanceFactory(**{trait: True})
    possible = (mode == ModeDecision.UNE_PERSONNE) == (trait == "coordination")

    def regler():
        return gouvernance.regler_decision(
            instance_gouvernance, version=1, champs=regle(mode_decision=mode, delai_jours=9), auteur=auteur
        )

    if possible:
        assert regler().mode_decision == mode
    else:
        with pytest.raises(ErreurMetier, match="Ce mode n’est pas possible"):
            regler()
        assert InstanceGouvernance.objects.get().delai_jours == 7


def test_database_refuses_one_person_elsewhere(auteur):
    comite = InstanceGouvernanceFactory(comite=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        InstanceGouvernance.objects.filter(pk=comite.pk).update(mode_decision=ModeDecision.UNE_PERSONNE)


@pytest.mark.parametrize(("nombre", "possible"), [(None, False), (0, False), (1, True), (5, True)])
def test_fixed_quorum_needs_its_number(auteur, nombre, possible):
    comite = InstanceGouvernanceFactory(comite=True)
    champs = regle(regle_quorum=RegleQuorum.NOMBRE, quorum_nombre=nombre)
    if possible:
        assert gouvernance.regler_decision(comite, version=1, champs=champs, auteur=auteur).quorum_nombre == nombre
    else:
        with pytest.raises(ErreurMetier, match="Donnez le nombre"):
            gouvernance.regler_decision(comite, version=1, champs=champs, auteur=auteur)


def test_number_leaves_with_the_fixed_quorum(auteur):
    comite = InstanceGouvernanceFactory(comite=True, regle_quorum=RegleQuorum.NOMBRE, quorum_nombre=5)
    champs = regle(quorum_nombre=5)
    assert gouvernance.regler_decision(comite, version=1, champs=champs, auteur=auteur).quorum_nombre is None


def test_open_ballot_keeps_the_rule_it_was_opened_with(auteur):
    comite = InstanceGouvernanceFactory(comite=True)
    for numero in range(1, 4):
        MandatFactory(siege__numero=numero)
    scrutin = ouvrir_scrutin(
        instance_gouvernance=comite,
        question="Question",
        texte="Texte",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=auteur,
    )
    avant = (scrutin.mode, scrutin.regle, scrutin.suite_recusations, scrutin.echeance)
    champs = regle(
        mode_decision=ModeDecision.CONSULTATION,
        regle_quorum=RegleQuorum.NOMBRE,
        quorum_nombre=3,
        regle_majorite=RegleMajorite.UNANIMITE,
        suite_recusations=SuiteRecusations.NOUVEAU_SCRUTIN,
        delai_jours=30,
    )
    gouvernance.regler_decision(comite, version=1, champs=champs, auteur=auteur)
    scrutin.refresh_from_db()
    assert (scrutin.mode, scrutin.regle, scrutin.suite_recusations, scrutin.echeance) == avant
    assert scrutin.source_regle == ""
    suivant = ouvrir_scrutin(
        instance_gouvernance=InstanceGouvernance.objects.get(pk=comite.pk),
        question="Autre",
        texte="Texte",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=auteur,
    )
    assert suivant.regle.nombre == 3
    assert suivant.regle_majorite == RegleMajorite.UNANIMITE


@pytest.mark.parametrize(
    ("avant", "choisi", "apres", "mode"),
    [
        ("cercle", ModeDecision.MAIN_LEVEE, "comite_pilotage", ModeDecision.EN_LIGNE),  # nobody had chosen
        ("cercle", ModeDecision.CONSULTATION, "comite_pilotage", ModeDecision.CONSULTATION),
        ("cercle", ModeDecision.CONSULTATION, "coordination", ModeDecision.UNE_PERSONNE),
        ("coordination", ModeDecision.UNE_PERSONNE, "cercle", ModeDecision.MAIN_LEVEE),
    ],
)
def test_another_kind_keeps_a_coherent_mode(auteur, avant, choisi, apres, mode):
    instance_gouvernance = InstanceGouvernanceFactory(genre=avant, mode_decision=choisi)
    gouvernance.modifier_instance(instance_gouvernance, version=1, champs={"genre": apres}, auteur=auteur)
    instance_gouvernance.refresh_from_db()
    assert (instance_gouvernance.genre, instance_gouvernance.mode_decision) == (apres, mode)


@pytest.mark.parametrize(("apres", "source"), [("coordination", ""), ("comite_chantier", "Cadre, page 3")])
def test_source_of_a_rule_goes_with_the_mode_that_another_kind_resets(auteur, apres, source):
    avant = InstanceGouvernanceFactory(
        genre="cercle", mode_decision=ModeDecision.CONSULTATION, source_regle="Cadre, page 3"
    )
    gouvernance.modifier_instance(avant, version=1, champs={"genre": apres}, auteur=auteur)
    avant.refresh_from_db()
    assert avant.source_regle == source


def test_unchanged_rule_leaves_no_trace_and_the_second_tab_is_told(auteur):
    comite = InstanceGouvernanceFactory(comite=True)
    gouvernance.regler_decision(comite, version=1, champs=regle(), auteur=auteur)
    assert comite.history.count() == 1
    gouvernance.regler_decision(comite, version=1, champs=regle(delai_jours=10), auteur=auteur)
    trace = comite.history.first()
    assert (trace.history_user, trace.history_change_reason) == (auteur, "Règle de décision")
    with pytest.raises(ErreurMetier, match="a modifié cette fiche"):
        gouvernance.regler_decision(comite, version=1, champs=regle(delai_jours=11), auteur=auteur)


# What a change of an instance or of a mandate must not undo.


def changer(instance, auteur, **champs):
    return gouvernance.modifier_instance(instance, version=instance.version, champs=champs, auteur=auteur)


@pytest.mark.regle("R7")
def test_prefix_of_numbered_resolutions_never_changes(auteur):
    comite = InstanceGouvernanceFactory(comite=True)
    changer(comite, auteur, prefixe="CPI")
    comite.refresh_from_db()
    ResolutionFactory(instance_gouvernance=comite)
    with pytest.raises(ErreurMetier, match="ce préfixe ne change plus"):
        changer(comite, auteur, prefixe="ZZ")
    assert changer(comite, auteur, prefixe="CPI", role="Décide.").role == "Décide."


@pytest.mark.parametrize(("champ", "valeur"), [("genre", "cercle"), ("est_active", False)])
@pytest.mark.parametrize(
    ("attendu", "phrase"),
    [
        ({}, "scrutin ouvert"),
        ({"consultation": True, "clos": True}, "consultation à entériner"),
    ],
)
def test_instance_whose_decision_is_awaited_stays_what_it_is(auteur, champ, valeur, attendu, phrase):
    comite = InstanceGouvernanceFactory(comite=True)
    scrutin = ScrutinFactory(instance_gouvernance=comite, **attendu)
    with pytest.raises(ErreurMetier, match=phrase) as erreur:
        changer(comite, auteur, **{champ: valeur})
    assert champ in erreur.value.message_dict
    assert changer(comite, auteur, role="Décide.").role == "Décide."
    comite.refresh_from_db()
    scrutin.delete()
    assert getattr(changer(comite, auteur, **{champ: valeur}), champ) == valeur


@pytest.mark.regle("R3")
def test_mandate_that_ends_tonight_may_be_ended_now(auteur):
    mandat = MandatFactory(au=JOUR)
    assert mandat.en_vigueur(JOUR)
    assert not gouvernance.terminer_mandat(mandat, au=JOUR, auteur=auteur).en_vigueur(JOUR)
    assert gouvernance.terminer_mandat(mandat, au=JOUR, auteur=auteur).history.count() == 2


@pytest.mark.regle("R3")
def test_seat_freed_today_is_filled_today_and_its_new_holder_votes(auteur):
    mandat, siege = MandatFactory(), SiegeFactory()
    scrutin = ouvrir(auteur)
    gouvernance.terminer_mandat(mandat, au=JOUR, auteur=auteur)
    suivante = UtilisateurFactory()
    with pytest.raises(ErreurMetier, match="tenu par"):
        gouvernance.pourvoir_siege(mandat.siege, utilisateur=suivante, du=JOUR - UN_JOUR, auteur=auteur)
    gouvernance.pourvoir_siege(mandat.siege, utilisateur=suivante, du=JOUR, auteur=auteur)
    assert voter(scrutin.pk, auteur=suivante, choix=Choix.POUR).electeur.siege == mandat.siege
    gouvernance.pourvoir_siege(siege, utilisateur=mandat.utilisateur, du=JOUR, auteur=auteur)


@pytest.mark.regle("R5")
def test_who_takes_a_seat_reads_in_one_message_what_waits_for_it(auteur):
    mandat, _ = MandatFactory(), MandatFactory()
    attendu, repondu = ouvrir(auteur, "Adopter le budget?"), ouvrir(auteur, "Changer le logo?")
    voter(repondu.pk, auteur=mandat.utilisateur, choix=Choix.POUR)
    gouvernance.terminer_mandat(mandat, au=JOUR, auteur=auteur)
    for du, nombre in ((timezone.localdate(attendu.echeance) + UN_JOUR, 0), (JOUR, 1)):
        suivante = UtilisateurFactory()
        au = None if nombre == 0 else JOUR
        gouvernance.pourvoir_siege(mandat.siege, utilisateur=suivante, du=du, au=au, auteur=auteur)
        assert Courriel.objects.filter(destinataire=suivante.email).count() == nombre
    texte = Courriel.objects.get(destinataire=suivante.email).texte
    assert ("Adopter le budget?" in texte, "Changer le logo?" in texte) == (True, False)


@pytest.mark.regle("R3")
def test_seat_added_or_freed_since_is_not_among_the_vacant_ones_of_an_old_ballot(auteur):
    mandat, vacant = MandatFactory(), SiegeFactory(libelle="Siège ouvert")
    scrutin = ouvrir(auteur)
    SiegeFactory(libelle="Siège ajouté")
    MandatFactory(siege=vacant)
    gouvernance.terminer_mandat(mandat, au=JOUR, auteur=auteur)
    scrutin.refresh_from_db()
    groupes = groupes_de_participations(scrutin, electeurs_du_scrutin(scrutin))
    assert [[voix.voix for voix in g.voix] for g in groupes if g.etat == "vacant"] == [["Siège ouvert"]]
