import datetime

import pytest
from django.utils import timezone

from demarche.gouvernance.enums import Choix, Issue
from demarche.gouvernance.models import Mandat
from demarche.rencontres.services.votes_main_levee import (
    CompteSalle,
    clore_par_nombre,
    clore_par_siege,
    ouvrir_vote_en_rencontre,
)
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Recusation, Vote
from demarche.scrutins.services.scrutins import annuler_scrutin, clore_echus, clore_si_echu, ouvrir_scrutin
from demarche.scrutins.services.votes import inscrire_vote_telephone, recuser, voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def comite():
    """Three filled seats and a vacant one."""
    mandats = [MandatFactory() for _ in range(3)]
    SiegeFactory()
    return [mandat.utilisateur for mandat in mandats]


def ouvrir(comite, **autres):
    return ouvrir_scrutin(
        **{
            "instance_gouvernance": InstanceGouvernanceFactory(comite=True),
            "question": "Accorder ?",
            "texte": "Il est résolu d’accorder.",
            "echeance": timezone.now() + datetime.timedelta(days=7),
            "auteur": UtilisateurFactory(),
            **autres,
        }
    )


@pytest.mark.regle("R3")
def test_ouvrir_calls_filled_seats_only(comite):
    scrutin = ouvrir(comite)
    assert [e.utilisateur for e in scrutin.electeurs.all()] == comite


def test_ouvrir_refuses_without_any_filled_seat():
    with pytest.raises(ErreurMetier, match="Aucun siège"):
        ouvrir([])


def test_ouvrir_refuses_past_deadline(comite):
    with pytest.raises(ErreurMetier, match="avenir"):
        ouvrir(comite, echeance=timezone.now())


@pytest.mark.regle("R5")
def test_voter_counts_once_and_can_change(comite):
    scrutin = ouvrir(comite)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.CONTRE)
    vote = Vote.objects.get()
    assert vote.choix == Choix.CONTRE
    assert [h.choix for h in vote.history.order_by("history_id")] == [Choix.POUR, Choix.CONTRE]


def test_same_vote_again_changes_nothing(comite):
    scrutin = ouvrir(comite)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    assert Vote.objects.get().history.count() == 1


@pytest.mark.regle("R5")
def test_scrutin_closes_with_last_vote(comite):
    scrutin = ouvrir(comite)
    for membre, choix in zip(comite, [Choix.POUR, Choix.POUR, Choix.CONTRE], strict=True):
        voter(scrutin.pk, auteur=membre, choix=choix)
    scrutin.refresh_from_db()
    assert (scrutin.etat, scrutin.issue, scrutin.nb_pour, scrutin.nb_contre) == (
        EtatScrutin.CLOS,
        Issue.ADOPTEE,
        2,
        1,
    )


@pytest.mark.regle("R5")
def test_closed_scrutin_receives_nothing(comite):
    scrutin = ouvrir(comite)
    for membre in comite:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    with pytest.raises(ErreurMetier, match="clos"):
        voter(scrutin.pk, auteur=comite[0], choix=Choix.CONTRE)


@pytest.mark.regle("R3")
def test_stranger_cannot_vote(comite):
    scrutin = ouvrir(comite)
    with pytest.raises(ErreurMetier, match="pas de voix"):
        voter(scrutin.pk, auteur=UtilisateurFactory(), choix=Choix.POUR)


@pytest.mark.regle("R3")
def test_member_named_after_opening_to_vacant_seat_cannot_vote(comite):
    scrutin = ouvrir(comite)
    nouveau = MandatFactory().utilisateur
    with pytest.raises(ErreurMetier, match="pas de voix"):
        voter(scrutin.pk, auteur=nouveau, choix=Choix.POUR)


@pytest.mark.regle("R3")
def test_mandate_ended_yesterday_hands_the_vote_to_the_successor(comite, horloge):
    scrutin = ouvrir(comite)
    mandat = Mandat.objects.get(utilisateur=comite[0])
    mandat.au = timezone.localdate() - datetime.timedelta(days=1)
    mandat.save()
    successeur = MandatFactory(siege=mandat.siege, du=timezone.localdate()).utilisateur
    with pytest.raises(ErreurMetier, match="pas de voix"):
        voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    assert voter(scrutin.pk, auteur=successeur, choix=Choix.POUR).electeur.siege == mandat.siege


@pytest.mark.regle("R3")
def test_mandate_ending_today_still_votes(comite):
    scrutin = ouvrir(comite)
    mandat = Mandat.objects.get(utilisateur=comite[0])
    mandat.au = timezone.localdate()
    mandat.save()
    assert voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR).pk


def changer_de_siege(scrutin, personne, autre):
    """Give to one person the seat of another, while the ballot is open."""
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Mandat.objects.filter(utilisateur__in=[personne, autre]).update(au=hier)
    siege = scrutin.electeurs.get(utilisateur=autre).siege
    MandatFactory(siege=siege, utilisateur=personne, du=timezone.localdate())


@pytest.mark.regle("R3")
@pytest.mark.parametrize(
    ("premier", "phrase"),
    [
        (lambda s, qui: voter(s.pk, auteur=qui, choix=Choix.POUR), "déjà répondu"),
        (lambda s, qui: recuser(s.pk, auteur=qui), "s’est récusée"),
    ],
)
def test_who_changes_seat_during_a_ballot_does_not_answer_twice(comite, premier, phrase):
    scrutin = ouvrir(comite)
    premier(scrutin, comite[0])
    changer_de_siege(scrutin, comite[0], comite[1])
    with pytest.raises(ErreurMetier, match=phrase):
        voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)


@pytest.mark.regle("R4")
def test_recuser_withdraws_vote_and_forbids_another(comite):
    scrutin = ouvrir(comite)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    recuser(scrutin.pk, auteur=comite[0], motif="Mon organisme porte l’action.")
    assert not Vote.objects.exists()
    with pytest.raises(ErreurMetier, match="récusé"):
        voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    recuser(scrutin.pk, auteur=comite[0])
    assert Recusation.objects.count() == 1


def test_person_who_asks_stands_aside_at_opening(comite):
    scrutin = ouvrir(comite, demandeur=comite[1])
    assert [r.utilisateur for r in Recusation.objects.filter(electeur__scrutin=scrutin)] == [comite[1]]


@pytest.mark.regle("R4")
def test_person_who_asks_never_votes_even_named_after_the_opening(comite):
    demandeur = UtilisateurFactory()
    scrutin = ouvrir(comite, demandeur=demandeur)
    mandat = Mandat.objects.get(utilisateur=comite[0])
    mandat.au = timezone.localdate() - datetime.timedelta(days=1)
    mandat.save()
    MandatFactory(siege=mandat.siege, utilisateur=demandeur, du=timezone.localdate())
    with pytest.raises(ErreurMetier, match="ne vote pas"):
        voter(scrutin.pk, auteur=demandeur, choix=Choix.POUR)


@pytest.mark.regle("R5")
def test_deadline_closes_at_its_instant_and_not_before(comite, horloge):
    scrutin = ouvrir(comite)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    voter(scrutin.pk, auteur=comite[1], choix=Choix.POUR)
    horloge.move_to(scrutin.echeance - datetime.timedelta(seconds=1))
    assert not clore_si_echu(scrutin.pk)
    horloge.move_to(scrutin.echeance)
    with pytest.raises(ErreurMetier, match="échéance"):
        voter(scrutin.pk, auteur=comite[2], choix=Choix.CONTRE)
    assert clore_si_echu(scrutin.pk)
    assert not clore_si_echu(scrutin.pk)
    scrutin.refresh_from_db()
    assert (scrutin.issue, scrutin.nb_pour) == (Issue.ADOPTEE, 2)


def test_ballot_past_its_deadline_is_no_longer_cancelled(comite, horloge):
    scrutin = ouvrir(comite)
    horloge.shift(datetime.timedelta(days=7))
    with pytest.raises(ErreurMetier, match="échéance de ce scrutin est passée"):
        annuler_scrutin(scrutin.pk, motif="Ça tourne mal.", auteur=UtilisateurFactory())


def test_account_switched_off_answers_no_phone(comite):
    scrutin, absente = ouvrir(comite), comite[0]
    absente.is_active = False
    absente.save()
    voix = scrutin.electeurs.get(utilisateur=absente)
    with pytest.raises(ErreurMetier, match="pas de titulaire aujourd’hui"):
        inscrire_vote_telephone(
            scrutin.pk, electeur_pk=voix.pk, choix=Choix.POUR, commentaire="", auteur=UtilisateurFactory(agent=True)
        )


def test_clore_echus_closes_each_overdue_ballot(comite, horloge):
    tot = ouvrir(comite)
    tard = ouvrir(comite, echeance=timezone.now() + datetime.timedelta(days=30))
    horloge.move_to(tot.echeance)
    assert clore_echus() == 1
    tot.refresh_from_db()
    tard.refresh_from_db()
    assert (tot.issue, tard.etat) == (Issue.SANS_QUORUM, EtatScrutin.OUVERT)


def vote_en_rencontre(instance, compte=None, reponses=None, **autres):
    """Open and close at once a vote in a meeting of the instance."""
    rencontre = RencontreFactory(instance_gouvernance=instance)
    auteur = UtilisateurFactory()
    scrutin = ouvrir_vote_en_rencontre(
        rencontre=rencontre, question="Accorder?", texte="Il est résolu.", auteur=auteur, **autres
    )
    if compte is not None:
        return clore_par_nombre(scrutin.pk, compte=compte)
    return clore_par_siege(scrutin.pk, reponses=reponses, auteur=auteur)


@pytest.fixture
def assemblee():
    return InstanceGouvernanceFactory(assemblee=True)


@pytest.mark.parametrize(
    ("pour", "contre", "issue"),
    [(10, 9, Issue.ADOPTEE), (10, 10, Issue.REJETEE), (1, 0, Issue.ADOPTEE), (0, 0, Issue.SANS_QUORUM)],
)
def test_vote_counted_in_meeting(assemblee, pour, contre, issue):
    scrutin = vote_en_rencontre(
        assemblee, CompteSalle(nb_presents=20, nb_pour=pour, nb_contre=contre, nb_abstentions=0)
    )
    assert (scrutin.issue, scrutin.etat) == (issue, EtatScrutin.CLOS)


@pytest.mark.regle("R6")
@pytest.mark.parametrize(("presents", "phrase"), [(20, "plus de votes"), (0, "présentes")])
def test_impossible_count_is_refused(assemblee, presents, phrase):
    with pytest.raises(ErreurMetier, match=phrase):
        vote_en_rencontre(assemblee, CompteSalle(nb_presents=presents, nb_pour=10, nb_contre=10, nb_abstentions=1))


def test_room_never_holds_more_voices_than_seats(comite):
    instance = InstanceGouvernanceFactory(comite=True)
    with pytest.raises(ErreurMetier, match="Il y a 3 sièges pourvus"):
        vote_en_rencontre(instance, CompteSalle(nb_presents=4, nb_pour=4, nb_contre=0, nb_abstentions=0))


@pytest.mark.parametrize(("presents", "issue"), [(1, Issue.SANS_QUORUM), (2, Issue.ADOPTEE)])
def test_quorum_of_a_room_is_that_of_the_filled_seats(comite, presents, issue):
    instance = InstanceGouvernanceFactory(comite=True)
    compte = CompteSalle(nb_presents=presents, nb_pour=1, nb_contre=0, nb_abstentions=0)
    assert vote_en_rencontre(instance, compte).issue == issue


@pytest.mark.regle("R4")
def test_whoever_asks_is_never_counted_among_the_hands(comite):
    instance = InstanceGouvernanceFactory(comite=True)
    compte = CompteSalle(nb_presents=3, nb_pour=3, nb_contre=0, nb_abstentions=0)
    with pytest.raises(ErreurMetier, match="Il y a 3 sièges pourvus"):
        vote_en_rencontre(instance, compte, demandeur=comite[0])


def test_recusal_of_whoever_asks_leaves_the_denominator_of_the_room(comite):
    instance = InstanceGouvernanceFactory(comite=True)
    compte = CompteSalle(nb_presents=2, nb_pour=2, nb_contre=0, nb_abstentions=0)
    scrutin = vote_en_rencontre(instance, compte, demandeur=comite[0])
    assert (scrutin.nb_electeurs, scrutin.nb_recusations, scrutin.issue) == (3, 1, Issue.ADOPTEE)


def test_seat_by_seat_the_absent_counts_for_nothing(comite):
    instance = InstanceGouvernanceFactory(comite=True)
    numeros = list(instance.sieges.filter(mandats__isnull=False).values_list("numero", flat=True))
    scrutin = vote_en_rencontre(
        instance, reponses={numeros[0]: "pour", numeros[1]: "recusation", numeros[2]: "absent"}
    )
    assert (scrutin.nb_pour, scrutin.nb_recusations, scrutin.issue) == (1, 1, Issue.SANS_QUORUM)


def test_seat_not_called_cannot_answer_in_the_room(comite):
    instance = InstanceGouvernanceFactory(comite=True)
    vacant = instance.sieges.get(mandats__isnull=True)
    with pytest.raises(ErreurMetier, match="n’est pas appelé"):
        vote_en_rencontre(instance, reponses={vacant.numero: "pour"})


def test_whoever_asks_stands_aside_whatever_the_room_says(comite):
    instance = InstanceGouvernanceFactory(comite=True)
    numeros = instance.sieges.filter(mandats__isnull=False).values_list("numero", flat=True)
    scrutin = vote_en_rencontre(instance, reponses=dict.fromkeys(numeros, "pour"), demandeur=comite[0])
    assert (scrutin.nb_pour, scrutin.nb_recusations) == (2, 1)
