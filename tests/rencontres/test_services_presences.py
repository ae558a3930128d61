"""Presences by seat, quorum; convocation; opening, adjourning, holding a meeting again."""

import datetime
from contextlib import nullcontext

import pytest
from django.db import IntegrityError
from django.utils import timezone

from demarche.gouvernance.enums import RegleQuorum
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPresence
from demarche.rencontres.services.points import noter_point, reporter_point
from demarche.rencontres.services.presences import (
    LignePresence,
    empreinte_presences,
    enregistrer_presences,
    etats_des_sieges,
    quorum_de,
    quorum_du_moment,
    sieges_du_jour,
)
from demarche.rencontres.services.rencontres import (
    annuler_rencontre,
    convocation_perimee,
    convoquer,
    convoques_de,
    creer_rencontre,
    dupliquer_rencontre,
    lever_rencontre,
    modifier_rencontre,
    ouvrir_rencontre,
)
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.rencontres.services.votes_points import VoteSalle, voter_point
from demarche.scrutins.models import Scrutin
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    PresenceSiegeFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import AdhesionFactory, AffiliationFactory, PersonneFactory, PresenceFactory
from tests.rencontres.seance import par_nombre, par_siege

pytestmark = pytest.mark.django_db
DEMAIN = JOUR + datetime.timedelta(days=1)
PRESENT, EXCUSE, ABSENT = EtatPresence.PRESENT, EtatPresence.EXCUSE, EtatPresence.ABSENT


@pytest.fixture
def auteur():
    return UtilisateurFactory()


@pytest.fixture
def seance():
    """A meeting of a comité of seven seats, one of them vacant."""
    comite = InstanceGouvernanceFactory(comite=True)
    for numero in range(1, 7):
        MandatFactory(siege__numero=numero, siege__instance_gouvernance=comite)
    SiegeFactory(numero=7, instance_gouvernance=comite)
    return RencontreFactory(instance_gouvernance=comite)


def noter(rencontre, auteur, *etats, attendue=None, **heures):
    sieges = [s.siege.pk for s in sieges_du_jour(rencontre)]
    lignes = {pk: LignePresence(etat, **heures) for pk, etat in zip(sieges, etats, strict=False)}
    enregistrer_presences(rencontre, lignes, attendue=attendue or empreinte_presences(rencontre), auteur=auteur)


@pytest.mark.regle("R5")
def test_quorum_counts_the_seats_filled_never_the_vacant(seance, auteur):
    noter(seance, auteur, PRESENT, PRESENT, PRESENT, PRESENT, PRESENT, EXCUSE)
    quorum = quorum_de(seance, sieges_du_jour(seance))
    assert quorum.phrase == "5\u00a0présents sur 6\u00a0sièges pourvus : quorum atteint (il en faut 4)"
    noter(seance, auteur, PRESENT, PRESENT, PRESENT, ABSENT, ABSENT, EXCUSE)
    quorum = quorum_de(seance, sieges_du_jour(seance))
    assert quorum.phrase == "3\u00a0présents sur 6\u00a0sièges pourvus : pas de quorum (il en faut 4)"


def test_quorum_follows_the_rule_of_the_instance(seance, auteur):
    comite = seance.instance_gouvernance
    comite.regle_quorum, comite.quorum_nombre = RegleQuorum.NOMBRE, 2
    comite.save()
    noter(seance, auteur, PRESENT, PRESENT)
    assert quorum_de(seance, sieges_du_jour(seance)).est_atteint


def test_presence_keeps_who_held_the_seat_that_day(seance, auteur):
    noter(seance, auteur, PRESENT)
    presence = seance.presences_sieges.get()
    titulaire = presence.utilisateur
    mandat = titulaire.mandats.get()
    mandat.au = JOUR - datetime.timedelta(days=1)
    mandat.save()
    assert sieges_du_jour(seance)[0].titulaire == titulaire


def test_hours_are_for_those_present_and_in_order(seance, auteur):
    huit, neuf = datetime.time(8), datetime.time(9)
    noter(seance, auteur, PRESENT, ABSENT, arrivee_a=huit, depart_a=neuf)
    assert list(seance.presences_sieges.values_list("etat", "arrivee_a", "depart_a")) == [
        (PRESENT, huit, neuf),
        (ABSENT, None, None),
    ]
    with pytest.raises(ErreurMetier, match="le départ précède l’arrivée"):
        noter(seance, auteur, PRESENT, arrivee_a=neuf, depart_a=huit)


def test_presence_is_taken_back_and_saved_once(seance, auteur):
    noter(seance, auteur, PRESENT)
    noter(seance, auteur, PRESENT)
    assert seance.presences_sieges.get().history.count() == 1
    noter(seance, auteur, "")
    assert not seance.presences_sieges.exists()


def test_vacant_seat_two_tabs_and_adopted_minutes_are_refused(seance, auteur):
    with pytest.raises(ErreurMetier, match="n’est pas pourvu"):
        noter(seance, auteur, *[PRESENT] * 7)
    vieille = empreinte_presences(seance)
    noter(seance, auteur, PRESENT)
    with pytest.raises(ErreurMetier) as erreur:
        noter(seance, auteur, ABSENT, attendue=vieille)
    assert erreur.value.code == "conflit"
    ProcesVerbalFactory(adopte=True, rencontre=seance)
    with pytest.raises(ErreurMetier) as erreur:
        noter(seance, auteur, ABSENT)
    assert erreur.value.code == "proces_verbal"


@pytest.mark.parametrize(("regle", "phrase"), [("nombre", "3\u00a0personnes notées"), ("majorite", None)])
def test_people_noted_are_compared_with_a_fixed_quorum(regle, phrase):
    nombre = 4 if regle == "nombre" else None
    assemblee = InstanceGouvernanceFactory(assemblee=True, regle_quorum=regle, quorum_nombre=nombre)
    rencontre = RencontreFactory(instance_gouvernance=assemblee)
    assert quorum_du_moment(rencontre, []) is None
    PresenceFactory(rencontre=rencontre, nb_personnes=3)
    quorum = quorum_du_moment(rencontre, [])
    assert (quorum and quorum.phrase) == (f"{phrase}\xa0: pas de quorum (il en faut 4)" if phrase else None)


def test_who_left_or_is_still_to_arrive_is_not_there_while_the_meeting_runs(seance, auteur):
    noter(seance, auteur, *[PRESENT] * 6)
    quitte, attendu, arrive = seance.presences_sieges.order_by("siege__numero")[:3]
    quitte.depart_a, attendu.arrivee_a, arrive.arrivee_a = (datetime.time(h) for h in (10, 11, 10))  # it is ten
    for presence in (quitte, attendu, arrive):
        presence.save()
    sieges = sieges_du_jour(seance)
    assert quorum_du_moment(seance, sieges).nb_presents == 4
    assert [n for n, etat in etats_des_sieges(seance, sieges).items() if etat == ABSENT] == [1, 2]
    seance.levee_a = datetime.time(12)
    assert quorum_du_moment(seance, sieges).nb_presents == 6
    assert ABSENT not in etats_des_sieges(seance, sieges).values()


@pytest.mark.parametrize(
    ("arrivee", "depart", "phrase"),
    [
        (9, 12, None),
        (8, None, "laissez vide une arrivée d’avant"),
        (None, 8, "le départ la précède"),
        (13, None, "l’heure la dépasse"),
        (9, 13, "l’heure la dépasse"),
    ],
)
def test_hours_hold_between_the_opening_and_the_adjournment(seance, auteur, arrivee, depart, phrase):
    seance.ouverte_a, seance.levee_a = datetime.time(9), datetime.time(12)
    seance.save()
    heures = {"arrivee_a": arrivee and datetime.time(arrivee), "depart_a": depart and datetime.time(depart)}
    with pytest.raises(ErreurMetier, match=phrase) if phrase else nullcontext():
        noter(seance, auteur, PRESENT, **heures)


def test_saving_again_keeps_the_holder_by_the_mandates_of_today(seance, auteur):
    noter(seance, auteur, PRESENT)
    mandat = seance.presences_sieges.get().siege.mandats.get()
    mandat.au = JOUR - datetime.timedelta(days=1)
    mandat.save()
    corrige = MandatFactory(siege=mandat.siege, du=JOUR)
    noter(seance, auteur, PRESENT)
    assert seance.presences_sieges.get().utilisateur == corrige.utilisateur


def test_assemblee_has_no_quorum_of_seats():
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    assert quorum_de(rencontre, sieges_du_jour(rencontre)) is None


# Votes and presences say the same


@pytest.fixture
def votee(auteur, seance):
    """The same meeting, its first six seats noted: five there, the sixth excused; a point to vote on."""
    ExerciceFactory()
    noter(seance, auteur, *[PRESENT] * 5, EXCUSE)
    return PointOrdreDuJourFactory(rencontre=seance, de_resolution=True)


@pytest.mark.regle("R5")
def test_seat_noted_absent_does_not_vote_and_a_voter_is_not_turned_absent(auteur, votee):
    with pytest.raises(ErreurMetier, match="Absence motivée") as refus:
        voter_point(votee, vote=par_siege(*["pour"] * 6), auteur=auteur)
    assert list(refus.value.error_dict) == ["siege-6"]
    assert not Scrutin.objects.exists()
    voter_point(votee, vote=par_siege(*["pour"] * 4, "absent", "recusation"), auteur=auteur)
    with pytest.raises(ErreurMetier, match="a voté à cette rencontre"):
        noter(votee.rencontre, auteur, *[PRESENT] * 3, ABSENT, ABSENT)
    noter(votee.rencontre, auteur, *[PRESENT] * 4, ABSENT)


@pytest.mark.regle("R5")
@pytest.mark.parametrize(("presents", "recuses"), [(5, frozenset()), (5, frozenset({6})), (4, frozenset({1}))])
def test_count_up_to_those_noted_is_taken(auteur, votee, presents, recuses):
    compte = CompteSalle(presents, presents, 0, 0, recuses=recuses)
    scrutin = voter_point(votee, vote=VoteSalle(compte=compte), auteur=auteur).scrutin
    assert {e.numero for e in scrutin.electeurs.filter(recusation__isnull=False)} == recuses


@pytest.mark.regle("R5")
@pytest.mark.parametrize(("presents", "recuses"), [(6, frozenset()), (5, frozenset({1}))])
def test_count_above_those_noted_is_refused(auteur, votee, presents, recuses):
    compte = CompteSalle(presents, presents, 0, 0, recuses=recuses)
    with pytest.raises(ErreurMetier, match="Corrigez d’abord les présences") as refus:
        voter_point(votee, vote=VoteSalle(compte=compte), auteur=auteur)
    assert list(refus.value.error_dict) == ["nb_presents"]


def test_presences_never_fall_below_a_count_already_written(auteur, votee):
    voter_point(votee, vote=par_nombre(5, 5), auteur=auteur)
    with pytest.raises(ErreurMetier, match="4 au plus pouvaient voter"):
        noter(votee.rencontre, auteur, *[PRESENT] * 4, ABSENT)
    noter(votee.rencontre, auteur, *[PRESENT] * 4, ABSENT, PRESENT)


@pytest.mark.regle("R6")
@pytest.mark.parametrize(("presents", "refuse"), [(3, False), (4, True)])
def test_assemblee_counts_no_more_hands_than_people_noted(auteur, presents, refuse):
    ExerciceFactory()
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    PresenceFactory(rencontre=rencontre, nb_personnes=3)
    point = PointOrdreDuJourFactory(rencontre=rencontre, de_resolution=True)
    with pytest.raises(ErreurMetier, match="3 au plus") if refuse else nullcontext():
        voter_point(point, vote=par_nombre(presents, presents), auteur=auteur)


# Convocation


def test_convocation_reaches_the_holders_of_that_day(seance, auteur):
    PointOrdreDuJourFactory(rencontre=seance, titre="Le budget", est_public=False)
    parti = MandatFactory(
        siege__instance_gouvernance=seance.instance_gouvernance, au=JOUR - datetime.timedelta(days=1)
    )
    assert convoquer(seance, auteur=auteur) == 6
    assert not Courriel.objects.filter(destinataire=parti.utilisateur.email).exists()
    courriel = Courriel.objects.first()
    assert "1. Le budget" in courriel.texte
    assert f"/rencontres/{seance.pk}/ordre-du-jour.pdf" in courriel.texte
    seance.refresh_from_db()
    assert seance.convoquee_le is not None
    assert convoquer(seance, auteur=auteur) == 6


@pytest.mark.regle("R6")
def test_assemblee_calls_each_partner_once_with_the_public_points(auteur):
    assemblee = InstanceGouvernanceFactory(assemblee=True)
    rencontre = RencontreFactory(instance_gouvernance=assemblee)
    PointOrdreDuJourFactory(rencontre=rencontre, titre="Ouvert")
    PointOrdreDuJourFactory(rencontre=rencontre, titre="Huis clos", est_public=False)
    affiliation = AffiliationFactory(personne=PersonneFactory(avec_compte=True))
    AffiliationFactory(organisation=affiliation.organisation, personne__courriel="autre@exemple.test")
    AdhesionFactory(acceptee=True, organisation=affiliation.organisation)
    muette = AdhesionFactory(acceptee=True, courriel="")
    envoi = convoques_de(rencontre)
    assert [c.courriel for c in envoi.joignables] == [affiliation.personne.utilisateur.email]
    assert [c.au_nom_de for c in envoi.sans_courriel] == [str(muette.organisation)]
    convoquer(rencontre, auteur=auteur)
    texte = Courriel.objects.get().texte
    assert "Ouvert" in texte
    assert "Huis clos" not in texte


def test_convocation_needs_an_agenda_people_and_a_future(auteur, seance):
    vide = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory())
    with pytest.raises(ErreurMetier, match="ordre du jour"):
        convoquer(seance, auteur=auteur)
    PointOrdreDuJourFactory(rencontre=vide)
    with pytest.raises(ErreurMetier, match="Personne à convoquer"):
        convoquer(vide, auteur=auteur)
    with pytest.raises(ErreurMetier, match="passée"):
        convoquer(RencontreFactory(date=JOUR - datetime.timedelta(days=1)), auteur=auteur)


# The meeting itself


def test_opening_and_adjourning_write_the_hour_once(auteur, horloge):
    rencontre = RencontreFactory()
    assert ouvrir_rencontre(rencontre, auteur=auteur).ouverte_a == datetime.time(10)
    horloge.move_to(datetime.datetime(JOUR.year, JOUR.month, JOUR.day, 12, tzinfo=datetime.UTC))
    assert ouvrir_rencontre(rencontre, auteur=auteur).ouverte_a == datetime.time(10)
    lever_rencontre(rencontre, auteur=auteur)
    rencontre.refresh_from_db()
    assert rencontre.levee_a is not None
    for verbe in (ouvrir_rencontre, lever_rencontre):
        with pytest.raises(ErreurMetier, match="pas encore eu lieu"):
            verbe(RencontreFactory(date=DEMAIN), auteur=auteur)


def test_meeting_is_born_with_its_points(auteur):
    champs = {"instance_gouvernance": InstanceGouvernanceFactory(), "titre": "Séance", "date": JOUR}
    rencontre = creer_rencontre(champs=champs, points=["Accueil", "Budget"], auteur=auteur)
    assert list(rencontre.points.order_by("ordre").values_list("ordre", "titre")) == [(1, "Accueil"), (2, "Budget")]


def test_meeting_held_again_takes_the_ordinary_points_only(auteur):
    rencontre = RencontreFactory(lieu="Salle verte", heure=datetime.time(9))
    PointOrdreDuJourFactory(rencontre=rencontre, titre="Tour de table", traite=True, notes="Dit")
    PointOrdreDuJourFactory(rencontre=rencontre, de_resolution=True)
    PointOrdreDuJourFactory(rencontre=rencontre, reporte_de=PointOrdreDuJourFactory(reporte=True))
    nouvelle = dupliquer_rencontre(rencontre, titre="Suivante", date=DEMAIN, auteur=auteur)
    assert (nouvelle.lieu, nouvelle.heure, nouvelle.date) == ("Salle verte", datetime.time(9), DEMAIN)
    point = nouvelle.points.get()
    assert (point.titre, point.etat, point.notes) == ("Tour de table", "a_traiter", "")


@pytest.mark.regle("R7")
def test_cancelled_meeting_says_why_and_tells_those_convened(auteur, seance):
    point = PointOrdreDuJourFactory(rencontre=seance, titre="Le budget")
    convoquer(seance, auteur=auteur)
    with pytest.raises(ErreurMetier) as sans_motif:
        annuler_rencontre(seance, motif=" ", auteur=auteur)
    assert list(sans_motif.value.error_dict) == ["motif"]
    for _ in range(2):
        annuler_rencontre(seance, motif="Tempête", auteur=auteur)
    assert Courriel.objects.filter(sujet__startswith="Rencontre annulée", texte__contains="Tempête").count() == 6
    for refuse in (
        lambda: ouvrir_rencontre(seance, auteur=auteur),
        lambda: convoquer(seance, auteur=auteur),
        lambda: noter(seance, auteur, PRESENT),
        lambda: noter_point(point, version=1, notes="", traite=True, auteur=auteur),
    ):
        with pytest.raises(ErreurMetier) as refus:
            refuse()
        assert refus.value.code == "annulee"
    suivante = RencontreFactory(instance_gouvernance=seance.instance_gouvernance, date=DEMAIN)
    assert reporter_point(point, vers=suivante, auteur=auteur).titre == "Le budget"
    annulee = RencontreFactory(
        instance_gouvernance=suivante.instance_gouvernance,
        date=DEMAIN,
        annulee_le=timezone.now(),
        motif_annulation="X",
    )
    with pytest.raises(ErreurMetier, match="est annulée"):
        reporter_point(suivante.points.get(), vers=annulee, auteur=auteur)


@pytest.mark.regle("R7")
def test_meeting_that_voted_or_has_minutes_is_not_cancelled(auteur, seance):
    ScrutinFactory(main_levee=True, clos=True, rencontre=seance, instance_gouvernance=seance.instance_gouvernance)
    redigee = ProcesVerbalFactory().rencontre
    for rencontre, phrase in ((seance, "Un vote s’y est tenu"), (redigee, "procès-verbal est commencé")):
        with pytest.raises(ErreurMetier, match=phrase):
            annuler_rencontre(rencontre, motif="Tempête", auteur=auteur)
    assert not Rencontre.objects.filter(annulee_le__isnull=False).exists()


def test_cancelled_meeting_always_says_why():
    with pytest.raises(IntegrityError):
        RencontreFactory(annulee_le=timezone.now())


def test_convocation_sent_is_out_of_date_once_the_agenda_changed(auteur, seance):
    point = PointOrdreDuJourFactory(rencontre=seance)
    assert not convocation_perimee(seance, [point])
    convoquer(seance, auteur=auteur)
    seance.refresh_from_db()
    assert not convocation_perimee(seance, [point])
    assert convocation_perimee(seance, [point, PointOrdreDuJourFactory(rencontre=seance)])


def test_addresses_typed_are_written_to_with_the_public_points(auteur):
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory())
    PointOrdreDuJourFactory(rencontre=rencontre, titre="Huis clos", est_public=False)
    assert convoquer(rencontre, auteur=auteur, courriels=["a@exemple.test", "A@exemple.test"]) == 1
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, "Huis clos" in courriel.texte) == ("a@exemple.test", False)


@pytest.mark.regle("R7")
@pytest.mark.parametrize("trace", ["presence", "pv", "invites"])
def test_meeting_noted_is_neither_moved_to_the_future_nor_given_to_another_instance(auteur, seance, trace):
    ExerciceFactory()
    if trace == "presence":
        noter(seance, auteur, PRESENT)
    elif trace == "pv":
        ProcesVerbalFactory(rencontre=seance)
    else:
        PresenceFactory(rencontre=seance)
    autre = {"date": JOUR, "instance_gouvernance": InstanceGouvernanceFactory()}
    for champs in ({"date": DEMAIN}, autre):
        with pytest.raises(ErreurMetier, match="Des présences y sont notées") as refus:
            modifier_rencontre(seance, version=1, champs=champs, auteur=auteur)
        assert len(refus.value.error_dict) == 1
    hier = {"date": JOUR - datetime.timedelta(days=1)}
    assert modifier_rencontre(seance, version=1, champs=hier, auteur=auteur).date == hier["date"]


def test_meeting_with_adopted_minutes_never_changes(auteur):
    rencontre = ProcesVerbalFactory(adopte=True).rencontre
    with pytest.raises(ErreurMetier) as erreur:
        modifier_rencontre(rencontre, version=1, champs={"date": JOUR, "titre": "Autre"}, auteur=auteur)
    assert erreur.value.code == "proces_verbal"


def test_meeting_that_was_convened_keeps_its_instance(auteur, seance):
    PointOrdreDuJourFactory(rencontre=seance)
    convoquer(seance, auteur=auteur)
    champs = {"date": JOUR, "instance_gouvernance": InstanceGouvernanceFactory()}
    with pytest.raises(ErreurMetier) as erreur:
        modifier_rencontre(seance, version=2, champs=champs, auteur=auteur)
    assert list(erreur.value.error_dict) == ["instance_gouvernance"]


def test_seat_noted_then_abolished_stays_on_the_page(seance):
    presence = PresenceSiegeFactory(rencontre=seance, siege__est_actif=False, siege__numero=9)
    ExerciceFactory()
    assert presence.siege in [s.siege for s in sieges_du_jour(seance)]
