"""Minutes composed and drafted from the rows of a meeting."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demarche.gouvernance.enums import Issue, ModeDecision
from demarche.registre.services.lignes import tete_du_registre
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import ProcesVerbal
from demarche.rencontres.proces_verbal.composition import composer
from demarche.rencontres.proces_verbal.donnees import lire_donnees
from demarche.rencontres.proces_verbal.reserves import reserves_de
from demarche.rencontres.services.points import noter_point
from demarche.rencontres.services.proces_verbaux import (
    modifier_proces_verbal,
    rediger_proces_verbal,
    supprimer_proces_verbal,
)
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.rencontres.services.votes_points import VoteSalle, voter_point
from demarche.socle.donnees_figees import vers_json
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    PointOrdreDuJourFactory,
    RecusationFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
)
from tests.factories.partenaires import PersonneFactory, PresenceFactory
from tests.rencontres.seance import AVANT, MOIS_DERNIER, redigee, seance, voter_la_fete

pytestmark = pytest.mark.django_db


def relire(pv):
    return ProcesVerbal.objects.select_related("rencontre__instance_gouvernance").get(pk=pv.pk)


def test_presences_by_seat_with_quorum_and_late_arrival():
    compose = composer(relire(redigee().pv))
    assert [p.numero for p in compose.presences_en("present")] == [1, 2, 3, 4, 5]
    assert [p.nom for p in compose.presences_en("excuse")] == ["Camille Titulaire 6"]
    assert [p.siege for p in compose.presences_en("vacant")] == ["Siège vacant"]
    assert [p.arrivee_a for p in compose.presences if p.numero == 2] == [datetime.time(10, 5)]
    assert compose.quorum == (
        "Quorum\xa0: plus de la moitié des sièges pourvus et non récusés, soit 4 sur 6\xa0sièges pourvus. "
        "5\xa0présents. Le quorum est atteint."
    )


@pytest.mark.regle("R7")
def test_each_point_says_its_vote_its_recusals_and_its_resolution_in_full():
    s = redigee()
    compose = composer(relire(s.pv))
    assert [p.titre for p in compose.points] == ["Suivis", "Tenir la fête", "Le calendrier"]
    decision = compose.points[1].decision
    assert decision.vote.phrase == "3\xa0pour, 1\xa0contre, 0\xa0abstention, 1\xa0récusation, 1\xa0absence"
    assert decision.vote.conclusion == "Le quorum de 3 est atteint; la proposition est adoptée à la majorité."
    assert decision.resolution.code == "CP-2025-2026-001"
    assert decision.resolution.texte == "Que la fête ait lieu."
    assert [r.qui for r in decision.recusations] == [f"{s.mandats[4].siege} (Camille Titulaire 5)"]
    assert decision.recusations[0].moment is None  # written after the vote: « au moment du vote »
    assert compose.points[2].reporte_au == JOUR


@pytest.mark.regle("R7")
def test_seats_that_stood_aside_from_a_count_are_named():
    s = seance()
    compte = CompteSalle(4, 4, 0, 0, recuses=frozenset({1, 6}))
    voter_point(s.points[1], vote=VoteSalle(compte=compte), auteur=s.auteur)
    decision = composer(relire(rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur))).points[1].decision
    assert [r.qui.split()[-1] for r in decision.recusations] == ["1)", "6)"]
    assert decision.vote.nb_recusations == len(decision.recusations) == 2


@pytest.mark.regle("R7")
def test_no_field_says_how_a_seat_voted():
    texte = str(vers_json(composer(relire(redigee().pv))))
    assert "'choix'" not in texte
    for numero in (1, 2, 3, 4):
        assert texte.count(f"Titulaire {numero}") == 1  # its presence, nothing else


@pytest.mark.regle("R7")
def test_remote_ballots_closed_since_the_meeting_before_are_noted_once():
    s = seance()
    RencontreFactory(instance_gouvernance=s.comite, date=MOIS_DERNIER, ouverte_a=datetime.time(9))
    RencontreFactory(instance_gouvernance=s.comite, date=AVANT - datetime.timedelta(days=1), titre="Jamais tenue")
    fuseau = timezone.get_current_timezone()

    def clos(jour, heure, **valeurs):
        le = datetime.datetime.combine(jour, datetime.time(heure), fuseau)
        return ScrutinFactory(clos=True, clos_le=le, instance_gouvernance=s.comite, **valeurs)

    dedans = clos(AVANT - datetime.timedelta(days=3), 12, question="Entre les deux", nb_electeurs=6, nb_pour=5)
    ResolutionFactory(scrutin=dedans, instance_gouvernance=s.comite, texte="Il est résolu ainsi.")
    RecusationFactory(electeur__scrutin=dedans)
    matin = clos(AVANT, 9, question="Le matin même", mode=ModeDecision.CONSULTATION)
    clos(MOIS_DERNIER, 8, question="Avant la précédente")
    clos(AVANT, 10, question="Après l’ouverture")
    clos(AVANT, 8, question="En rencontre", mode=ModeDecision.MAIN_LEVEE)
    pv = rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)
    compose = composer(relire(pv))
    assert [d.question for d in compose.entre_rencontres] == [dedans.question, matin.question]
    assert compose.entre_rencontres[0].resolution.texte == "Il est résolu ainsi."
    assert [r.moment is None for r in compose.entre_rencontres[0].recusations] == [False]
    assert compose.depuis == MOIS_DERNIER


def test_decisions_on_no_point_are_told_as_well():
    s = seance()
    ResolutionFactory(rencontre=s.rencontre, instance_gouvernance=s.comite, titre="Sans point")
    ScrutinFactory(
        main_levee=True, clos=True, rencontre=s.rencontre, instance_gouvernance=s.comite, issue=Issue.SANS_QUORUM
    )
    compose = composer(relire(rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)))
    assert [(d.vote is None, d.resolution is None) for d in compose.autres] == [(False, True), (True, False)]
    assert "rien n’est décidé" in compose.autres[0].vote.conclusion


def test_assemblee_says_how_many_came():
    assemblee = InstanceGouvernanceFactory(assemblee=True)
    rencontre = RencontreFactory(instance_gouvernance=assemblee, date=AVANT)
    PresenceFactory(rencontre=rencontre, nb_personnes=3)
    compose = composer(relire(rediger_proces_verbal(rencontre.pk, auteur=None)))
    assert compose.assistance == "3\xa0personnes; 1\xa0organisation."
    assert compose.presences == ()
    assert compose.quorum.endswith("Le quorum est vérifié à chaque vote.")


def test_guests_of_the_comite_are_told_organisations_by_name_citizens_by_number():
    s = redigee()
    assert composer(relire(s.pv)).invites == ""
    for nom, nb in (("Café du coin", 2), ("Ville", 1)):
        PresenceFactory(rencontre=s.rencontre, organisation__nom=nom, nb_personnes=nb)
    citoyenne = PersonneFactory(nom="Rolande")
    PresenceFactory(rencontre=s.rencontre, organisation=None, personne=citoyenne, nb_personnes=1)
    compose = composer(relire(s.pv))
    assert compose.invites == "Café du coin (2\xa0personnes), Ville; 1\xa0autre personne"
    assert "Rolande" not in str(vers_json(compose))


def test_the_rule_told_is_that_of_the_day_of_the_meeting(horloge):
    maintenant = timezone.now()
    horloge.move_to(maintenant - datetime.timedelta(days=30))
    comite = InstanceGouvernanceFactory(comite=True)
    horloge.move_to(maintenant)
    pv = redigee().pv
    comite.refresh_from_db()
    comite.nom, comite.regle_quorum, comite.quorum_nombre = "Autre nom", "nombre", 6
    comite.save()
    compose = composer(relire(pv))
    assert "soit 4 sur 6" in compose.quorum
    assert compose.identite.instance == "Comité de pilotage"


def test_head_of_the_register_is_that_of_now():
    compose = composer(relire(redigee().pv))
    tete = tete_du_registre()
    assert (compose.registre.numero, compose.registre.empreinte) == (tete.numero, tete.empreinte)
    assert tete.numero > 0


def test_json_gives_the_same_document_back():
    compose = composer(relire(redigee().pv))
    assert lire_donnees(vers_json(compose)) == compose


def test_same_queries_for_one_point_or_thirty():
    s = redigee()
    couts = []
    for nb in (0, 2, 30):
        for rang in range(nb):
            PointOrdreDuJourFactory(rencontre=s.rencontre, ordre=10 + rang, traite=True)
            scrutin = ScrutinFactory(clos=True, instance_gouvernance=s.comite, clos_le=timezone.now())
            scrutin.clos_le -= datetime.timedelta(days=30)
            scrutin.save()
        pv = relire(s.pv)
        with CaptureQueriesContext(connection) as requetes:
            composer(pv)
        couts.append(len(requetes))
    assert len(set(couts)) == 1


# Drafting


def test_first_draft_is_plain_and_keeps_what_was_typed():
    s = seance()
    s.points[0].notes = "Le budget est suivi."
    s.points[0].save()
    s.points[2].compte_rendu = "Déjà écrit."
    s.points[2].save()
    voter_la_fete(s)
    pv = rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)
    compose = composer(relire(pv))
    assert [p.compte_rendu for p in compose.points] == [
        "Le budget est suivi.",
        "La proposition est présentée, puis mise aux voix.",
        "Déjà écrit.",
    ]
    assert compose.ouverture == "Alix Tremblay ouvre la rencontre à 9\xa0h\xa035 et souhaite la bienvenue."
    assert compose.cloture == "La rencontre est levée à 11\xa0h\xa050."  # a point is left to deal with
    s.points[2].etat = EtatPoint.TRAITE
    s.points[2].save()
    assert composer(relire(pv)).cloture == "L’ordre du jour étant épuisé, la rencontre est levée à 11\xa0h\xa050."


def test_carried_over_and_untouched_points_say_so():
    s = redigee()
    PointOrdreDuJourFactory(rencontre=s.rencontre, ordre=4, traite=True)
    PointOrdreDuJourFactory(rencontre=s.rencontre, ordre=5)
    points = composer(relire(s.pv)).points
    assert (points[2].compte_rendu, points[2].reporte_au) == ("", JOUR)
    assert [p.compte_rendu for p in points[3:]] == ["Le point est présenté.", "Le point n’est pas abordé."]


def test_drafting_twice_keeps_one_draft_and_its_texts():
    s = redigee()
    s.pv.ouverture = "Revue."
    s.pv.save()
    encore = rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)
    assert (encore.pk, encore.ouverture) == (s.pv.pk, "Revue.")
    rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur, remplacer=True)
    assert composer(relire(s.pv)).ouverture.startswith("Alix")


@pytest.mark.regle("R7")
def test_draft_made_before_the_vote_and_the_notes_catches_up():
    s = seance()
    pv = rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)
    assert [p.compte_rendu for p in composer(relire(pv)).points[1:]] == ["Le point n’est pas abordé."] * 2
    ecrit = {s.points[0].pk: "À la main."}
    modifier_proces_verbal(pv, version=1, ouverture="", cloture="", comptes_rendus=ecrit, auteur=s.auteur)
    voter_la_fete(s)
    noter_point(s.points[2], version=1, notes="Discuté.", traite=True, auteur=s.auteur)
    assert [p.compte_rendu for p in composer(relire(pv)).points] == [
        "À la main.",
        "La proposition est présentée, puis mise aux voix.",
        "Discuté.",
    ]


@pytest.mark.regle("R7")
def test_text_that_contradicts_a_vote_and_presences_not_noted_are_said_before_the_adoption():
    s = redigee()
    assert reserves_de(composer(relire(s.pv))) == []
    dit = {s.points[1].pk: "Le point n’est pas abordé. Dommage."}
    modifier_proces_verbal(s.pv, version=1, ouverture="", cloture="", comptes_rendus=dit, auteur=s.auteur)
    s.rencontre.presences_sieges.filter(siege__numero=6).delete()
    partielles = composer(relire(s.pv))
    assert [r.split("\xa0")[0] for r in reserves_de(partielles)] == ["Présence non notée", "Point 2"]
    s.rencontre.presences_sieges.all().delete()
    compose = composer(relire(s.pv))
    assert reserves_de(compose)[0] == "Les présences ne sont pas notées."
    assert compose.quorum.endswith("Présences non notées; le quorum est vérifié à chaque vote.")


@pytest.mark.parametrize(
    ("notees", "fin"), [(3, "le quorum est vérifié à chaque vote."), (4, "4\xa0présents. Le quorum est atteint.")]
)
def test_quorum_is_not_said_missed_while_seats_are_not_noted(notees, fin):
    s = redigee()
    s.rencontre.presences_sieges.filter(siege__numero__gt=notees).delete()
    assert composer(relire(s.pv)).quorum.endswith(fin)


def test_day_a_point_was_carried_to_is_said_once_and_follows_that_meeting():
    s = redigee()
    s.suivante.date = JOUR + datetime.timedelta(days=14)
    s.suivante.save()
    point = composer(relire(s.pv)).points[2]
    assert (point.compte_rendu, point.reporte_au) == ("", s.suivante.date)


@pytest.mark.regle("R7")
def test_notes_of_an_assemblee_are_not_taken_up():
    assemblee = InstanceGouvernanceFactory(assemblee=True)
    rencontre = RencontreFactory(instance_gouvernance=assemblee, date=AVANT, notes="Secret")
    PointOrdreDuJourFactory(rencontre=rencontre, traite=True, notes="Confidentiel")
    pv = rediger_proces_verbal(rencontre.pk, auteur=None)
    texte = str(vers_json(composer(relire(pv))))
    assert "Confidentiel" not in texte
    assert "Secret" not in texte


def test_minutes_of_a_meeting_to_come_are_refused():
    rencontre = RencontreFactory(date=JOUR + datetime.timedelta(days=1))
    with pytest.raises(ErreurMetier, match="n’a pas encore eu lieu"):
        rediger_proces_verbal(rencontre.pk, auteur=None)


# Editing


def ecrire(s, version, texte, **valeurs):
    return modifier_proces_verbal(
        s.pv,
        version=version,
        ouverture=valeurs.get("ouverture", s.pv.ouverture),
        cloture=s.pv.cloture,
        comptes_rendus={s.points[0].pk: texte},
        auteur=s.auteur,
    )


def test_second_tab_is_told_and_overwrites_nothing():
    s = redigee()
    assert ecrire(s, 1, "Premier").version == 2
    assert ecrire(s, 1, "Premier").version == 2  # the same form, twice
    with pytest.raises(ErreurMetier) as erreur:
        ecrire(s, 1, "Second")
    assert erreur.value.code == "conflit"
    s.points[0].refresh_from_db()
    assert s.points[0].compte_rendu == "Premier"


def test_a_point_of_another_meeting_is_not_written():
    s = redigee()
    ailleurs = PointOrdreDuJourFactory()
    modifier_proces_verbal(
        s.pv, version=1, ouverture="A", cloture="B", comptes_rendus={ailleurs.pk: "Volé"}, auteur=s.auteur
    )
    ailleurs.refresh_from_db()
    assert ailleurs.compte_rendu == ""


def test_a_draft_on_an_agenda_is_not_deleted_before_its_point():
    s = redigee()
    with pytest.raises(ErreurMetier, match="retirez d’abord ce point"):
        supprimer_proces_verbal(s.pv, auteur=s.auteur)
    s.point.delete()
    supprimer_proces_verbal(s.pv, auteur=s.auteur)
    assert not ProcesVerbal.objects.exists()
    assert s.rencontre.points.filter(etat=EtatPoint.REPORTE).exists()
