import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Deliberation
from chantiers.demandes.queries.engagements import disponible, etat_surplus, solde_de
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.deliberations import inscrire_decision_rencontre, ouvrir_deliberation
from chantiers.demandes.services.demandes import RECUSATIONS, TOTAL_CHANGE
from chantiers.finances.services.decaissements import decaisser
from demarche.gouvernance.enums import Choix, RegleQuorum
from demarche.gouvernance.models import Resolution
from demarche.gouvernance.services.gouvernance import modifier_instance
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.scrutins import clore_si_echu
from demarche.scrutins.services.votes import recuser, voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    PointDemandeFactory,
    PosteDemandeFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import AffiliationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


@pytest.fixture
def comite():
    return [MandatFactory().utilisateur for _ in range(3)]


@pytest.fixture
def coordonnatrice():
    return UtilisateurFactory(coordonnateur=True)


def soumise(montant, instance, **champs):
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instance, **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


def ouvrir(demande, auteur, **autres):
    return ouvrir_deliberation(
        demande.pk,
        **{
            "auteur": auteur,
            "enveloppe": EnveloppeFactory(),
            "echeance": timezone.now() + datetime.timedelta(days=7),
            **autres,
        },
    )


# The coordination, alone.


@pytest.mark.regle("R1", "R7")
def test_resolution_is_numbered_in_the_exercice_of_the_day(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"], exercice=ExerciceFactory(annee=2026))
    courant = ExerciceFactory()
    demande = decider_seul(demande.pk, auteur=coordonnatrice, montant=None, enveloppe=None, motif="Trop tôt.")
    assert (demande.exercice.code, demande.resolution.code) == ("2026-2027", f"CO-{courant.code}-001")


@pytest.mark.regle("R1")
def test_citizen_is_not_named_in_the_text_of_the_resolution(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"], est_personnelle=True)
    demande = decider_seul(demande.pk, auteur=coordonnatrice, montant=None, enveloppe=None, motif="Trop tôt.")
    assert "déposée par une personne citoyenne pour l’action" in demande.resolution.texte
    assert demande.demandeur.nom not in demande.resolution.texte


def test_coordination_grants_part_with_a_numbered_resolution(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"])
    enveloppe = EnveloppeFactory(montant=Decimal("500.00"))
    demande = decider_seul(
        demande.pk, auteur=coordonnatrice, montant=Decimal("500.00"), enveloppe=enveloppe, motif="Une moitié."
    )
    assert (demande.etat, demande.montant_accorde) == (EtatDemande.ACCORDEE, Decimal("500.00"))
    assert demande.resolution.code == f"CO-{demande.exercice.code}-001"
    assert disponible(enveloppe) == 0


@pytest.mark.regle("R8")
@pytest.mark.parametrize(
    ("montant", "phrase"), [("900.01", "ne peut pas dépasser le montant demandé"), ("0.00", "dépasser zéro")]
)
def test_amount_granted_stays_between_zero_and_asked(instances, coordonnatrice, montant, phrase):
    demande = soumise("900.00", instances["coordination"])
    with pytest.raises(ErreurMetier, match=phrase):
        decider_seul(
            demande.pk, auteur=coordonnatrice, montant=Decimal(montant), enveloppe=EnveloppeFactory(), motif=""
        )


@pytest.mark.regle("R8")
@pytest.mark.parametrize(("libre", "passe"), [("900.00", True), ("899.99", False)])
def test_envelope_never_commits_more_than_it_has(instances, coordonnatrice, libre, passe):
    demande = soumise("900.00", instances["coordination"])
    enveloppe = EnveloppeFactory(montant=Decimal("1000.00"))
    DemandeFondsFactory(
        accordee=True,
        enveloppe=enveloppe,
        montant_demande=Decimal("1000.00") - Decimal(libre),
    ) if Decimal(libre) < 1000 else None
    arguments = {"auteur": coordonnatrice, "montant": Decimal("900.00"), "enveloppe": enveloppe, "motif": ""}
    if passe:
        assert decider_seul(demande.pk, **arguments).etat == EtatDemande.ACCORDEE
    else:
        with pytest.raises(ErreurMetier, match="n’a plus que 899,99"):
            decider_seul(demande.pk, **arguments)
        assert not Resolution.objects.filter(demande=demande).exists()


@pytest.mark.parametrize(
    ("debut", "fin", "passe"),
    [(0, None, True), (1, None, False), (1, 30, False), (-9, 0, True), (-9, -1, False)],
)
def test_envelope_pays_from_its_first_day_to_its_last(instances, coordonnatrice, debut, fin, passe):
    du, au = (None if n is None else timezone.localdate() + datetime.timedelta(days=n) for n in (debut, fin))
    enveloppe = EnveloppeFactory(du=du, au=au, montant=Decimal(1000))
    seule, comite = soumise("900.00", instances["coordination"]), soumise("1000.00", instances["comite"])
    MandatFactory.create_batch(3)
    gestes = (
        lambda: decider_seul(seule.pk, auteur=coordonnatrice, montant=Decimal(1), enveloppe=enveloppe, motif=""),
        lambda: ouvrir_deliberation(
            comite.pk,
            auteur=coordonnatrice,
            enveloppe=enveloppe,
            echeance=timezone.now() + datetime.timedelta(days=3),
            montant=Decimal(1),
        ),
    )
    for geste in gestes:
        if passe:
            geste()
        else:
            with pytest.raises(ErreurMetier, match="pas utilisable aujourd’hui"):
                geste()
    enveloppe.refresh_from_db()
    assert enveloppe.montant_engage == (2 if passe else 0)


def test_refusal_needs_a_reason(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"])
    with pytest.raises(ErreurMetier, match="motif du refus"):
        decider_seul(demande.pk, auteur=coordonnatrice, montant=None, enveloppe=None, motif=" ")


@pytest.mark.regle("R4")
def test_coordonnatrice_never_decides_on_own_demande(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"], demandeur=coordonnatrice)
    with pytest.raises(ErreurMetier, match="propre demande"):
        decider_seul(demande.pk, auteur=coordonnatrice, montant=Decimal(900), enveloppe=EnveloppeFactory(), motif="")


@pytest.mark.regle("R4")
def test_coordonnatrice_never_decides_for_own_organisation(instances, coordonnatrice):
    affiliation = AffiliationFactory(personne__utilisateur=coordonnatrice)
    demande = soumise("900.00", instances["coordination"], organisation=affiliation.organisation)
    with pytest.raises(ErreurMetier, match="votre organisation"):
        decider_seul(demande.pk, auteur=coordonnatrice, montant=Decimal(900), enveloppe=EnveloppeFactory(), motif="")


def test_closed_exercice_takes_no_decision(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"], exercice__annee=2024, exercice__clos=True)
    with pytest.raises(ErreurMetier, match="est clos"):
        decider_seul(demande.pk, auteur=coordonnatrice, montant=Decimal(900), enveloppe=EnveloppeFactory(), motif="")


def test_coordination_does_not_decide_at_one_thousand(instances, coordonnatrice):
    demande = soumise("1000.00", instances["comite"])
    with pytest.raises(ErreurMetier, match="Comité de pilotage"):
        decider_seul(demande.pk, auteur=coordonnatrice, montant=Decimal(1000), enveloppe=EnveloppeFactory(), motif="")


def test_requester_is_written_the_decision_and_its_reason(instances, coordonnatrice):
    demande = soumise("900.00", instances["coordination"])
    decider_seul(demande.pk, auteur=coordonnatrice, montant=None, enveloppe=None, motif="L’été est <déjà> plein.")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == demande.demandeur.email
    assert "L’été est <déjà> plein." in courriel.texte


# The comité, by a ballot.


@pytest.mark.regle("R8")
def test_ballot_writes_to_each_seat_and_reserves_the_amount(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"])
    enveloppe = EnveloppeFactory(montant=Decimal("2000.00"))
    ouvrir(demande, coordonnatrice, enveloppe=enveloppe)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.EN_DELIBERATION
    assert sorted(c.destinataire for c in Courriel.objects.all()) == sorted(m.email for m in comite)
    assert disponible(enveloppe) == Decimal("500.00")


def test_opening_twice_gives_one_ballot(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"])
    assert ouvrir(demande, coordonnatrice) == ouvrir(demande, coordonnatrice)


@pytest.mark.parametrize(
    ("choix", "etat"),
    [
        ([Choix.POUR, Choix.POUR, Choix.CONTRE], EtatDemande.ACCORDEE),
        ([Choix.POUR, Choix.CONTRE, Choix.ABSTENTION], EtatDemande.REFUSEE),
    ],
)
def test_last_vote_decides(instances, comite, coordonnatrice, choix, etat):
    demande = soumise("1500.00", instances["comite"])
    scrutin = ouvrir(demande, coordonnatrice)
    for membre, un_choix in zip(comite, choix, strict=True):
        voter(scrutin.pk, auteur=membre, choix=un_choix)
    demande.refresh_from_db()
    assert demande.etat == etat
    assert demande.resolution.code == f"CP-{demande.exercice.code}-001"
    assert demande.resolution.scrutin == scrutin


@pytest.mark.regle("R1")
def test_comments_reach_the_requester_without_names(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"])
    scrutin = ouvrir(demande, coordonnatrice)
    for membre in comite:
        voter(scrutin.pk, auteur=membre, choix=Choix.CONTRE, commentaire="Trop cher.")
    demande.refresh_from_db()
    texte = Courriel.objects.get(destinataire=demande.demandeur.email).texte
    assert texte.count("Trop cher.") == 3
    assert not any(str(membre) in texte for membre in comite)
    assert "Trop cher." not in demande.motif_decision + demande.resolution.texte


@pytest.mark.regle("R4", "R5")
def test_without_quorum_the_demande_waits_for_another_ballot(instances, comite, coordonnatrice, horloge):
    demande = soumise("1500.00", instances["comite"])
    premier = ouvrir(demande, coordonnatrice)
    voter(premier.pk, auteur=comite[0], choix=Choix.POUR)
    horloge.move_to(premier.echeance)
    clore_si_echu(premier.pk)
    demande.refresh_from_db()
    assert (demande.etat, demande.instance_gouvernance) == (EtatDemande.SOUMISE, instances["comite"])
    second = ouvrir(demande, coordonnatrice)
    assert [d.scrutin for d in Deliberation.objects.filter(demande=demande)] == [premier, second]


def test_account_of_the_coordination_switched_off_is_told_nothing(instances, comite, coordonnatrice):
    UtilisateurFactory(coordonnateur=True, is_active=False)
    demande = soumise("1500.00", instances["comite"])
    scrutin = ouvrir(demande, coordonnatrice)
    for membre in comite:
        recuser(scrutin.pk, auteur=membre)
    avis = Courriel.objects.filter(sujet__startswith="Scrutin sans quorum")
    assert list(avis.values_list("destinataire", flat=True)) == [coordonnatrice.email]


@pytest.mark.regle("R4")
def test_everybody_recused_sends_it_to_the_assemblee(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"])
    scrutin = ouvrir(demande, coordonnatrice)
    for membre in comite:
        recuser(scrutin.pk, auteur=membre)
    demande.refresh_from_db()
    assert (demande.etat, demande.instance_gouvernance) == (EtatDemande.SOUMISE, instances["assemblee"])


def quorum_fixe(instance, nombre):
    instance.regle_quorum, instance.quorum_nombre = RegleQuorum.NOMBRE, nombre
    instance.save()


@pytest.mark.regle("R4")
def test_recusals_that_break_the_quorum_say_why_the_assemblee_decides(instances, comite, coordonnatrice):
    quorum_fixe(instances["comite"], 2)
    demande = soumise("1500.00", instances["comite"])
    scrutin = ouvrir(demande, coordonnatrice)
    for membre in comite[:2]:
        recuser(scrutin.pk, auteur=membre)
    demande.refresh_from_db()
    assert demande.instance_gouvernance == instances["assemblee"]
    assert demande.raison_instance.startswith("Les récusations ont rendu le quorum impossible")
    courriel = Courriel.objects.get(destinataire=demande.demandeur.email)
    assert (RECUSATIONS in courriel.texte, TOTAL_CHANGE in courriel.texte) == (True, False)
    assert demande.history.first().history_change_reason == RECUSATIONS


def test_without_an_assemblee_recusals_leave_it_where_it_is(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"])
    scrutin = ouvrir(demande, coordonnatrice)
    modifier_instance(instances["assemblee"], version=1, champs={"est_active": False}, auteur=coordonnatrice)
    for membre in comite:
        recuser(scrutin.pk, auteur=membre)
    demande.refresh_from_db()
    assert (demande.etat, demande.instance_gouvernance) == (EtatDemande.SOUMISE, instances["comite"])


@pytest.mark.regle("R5")
def test_ballot_that_vacant_seats_keep_from_its_quorum_does_not_open(instances, comite, coordonnatrice):
    quorum_fixe(instances["comite"], 4)
    demande = soumise("1500.00", instances["comite"])
    with pytest.raises(ErreurMetier, match="quorum de 4 voix et n’en a que 3"):
        ouvrir(demande, coordonnatrice)
    quorum_fixe(instances["comite"], 3)
    assert ouvrir(demande, coordonnatrice).est_ouvert


@pytest.mark.regle("R4")
def test_ballot_where_everybody_asks_closes_at_once(instances, comite, coordonnatrice):
    quorum_fixe(instances["comite"], 3)
    demande = soumise("1500.00", instances["comite"], demandeur=comite[0])
    assert not ouvrir(demande, coordonnatrice).est_ouvert
    demande.refresh_from_db()
    assert (demande.etat, demande.instance_gouvernance) == (EtatDemande.SOUMISE, instances["assemblee"])
    assert (demande.montant_reserve, demande.enveloppe) == (0, None)


@pytest.mark.regle("R4")
def test_requester_holding_a_seat_does_not_vote(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"], demandeur=comite[0])
    scrutin = ouvrir(demande, coordonnatrice)
    with pytest.raises(ErreurMetier, match="ne vote pas"):
        voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)


@pytest.mark.regle("R8")
def test_ballot_refuses_an_envelope_too_small(instances, comite, coordonnatrice):
    demande = soumise("1500.00", instances["comite"])
    with pytest.raises(ErreurMetier, match="n’a plus que"):
        ouvrir(demande, coordonnatrice, enveloppe=EnveloppeFactory(montant=Decimal("1499.99")))
    assert not Deliberation.objects.exists()


# The assemblée.


def assemblee(demande, instance, *, nb_pour=20, **autres):
    return inscrire_decision_rencontre(
        demande.pk,
        **{
            "auteur": UtilisateurFactory(),
            "rencontre": RencontreFactory(instance_gouvernance=instance),
            "enveloppe": EnveloppeFactory(),
            "compte": CompteSalle(nb_presents=34, nb_pour=nb_pour, nb_contre=10, nb_abstentions=4),
            **autres,
        },
    )


@pytest.mark.regle("R6")
def test_assemblee_grants_with_its_count(instances):
    demande = assemblee(soumise("60000.00", instances["assemblee"]), instances["assemblee"])
    assert (demande.etat, demande.montant_accorde) == (EtatDemande.ACCORDEE, Decimal("60000.00"))
    assert "20 pour, 10 contre, 4 abstentions, 0 récusation, 34 personnes présentes" in demande.motif_decision


@pytest.mark.regle("R6")
def test_assemblee_tie_refuses(instances):
    demande = assemblee(soumise("60000.00", instances["assemblee"]), instances["assemblee"], nb_pour=10)
    assert (demande.etat, demande.montant_accorde, demande.resolution.numero) == (EtatDemande.REFUSEE, None, 1)


@pytest.mark.regle("R6")
def test_meeting_of_another_instance_or_to_come_is_refused(instances):
    demande = soumise("60000.00", instances["assemblee"])
    with pytest.raises(ErreurMetier, match="rencontre de l’instance .*Assemblée des partenaires"):
        assemblee(demande, instances["comite"])
    demain = RencontreFactory(
        instance_gouvernance=instances["assemblee"], date=timezone.localdate() + datetime.timedelta(days=1)
    )
    with pytest.raises(ErreurMetier, match="pas encore eu lieu"):
        assemblee(demande, instances["assemblee"], rencontre=demain)
    hier = RencontreFactory(
        instance_gouvernance=instances["assemblee"], date=timezone.localdate() - datetime.timedelta(days=1)
    )
    with pytest.raises(ErreurMetier, match="avant le dépôt"):
        assemblee(demande, instances["assemblee"], rencontre=hier)


def test_adoption_that_no_envelope_pays_is_refused_whole(instances):
    demande = soumise("60000.00", instances["assemblee"])
    with pytest.raises(ErreurMetier, match="choisissez l’enveloppe"):
        assemblee(demande, instances["assemblee"], enveloppe=None)
    assert not Resolution.objects.exists()
    assert not Scrutin.objects.exists()


def test_amount_above_what_is_asked_is_refused(instances):
    demande = soumise("60000.00", instances["assemblee"])
    with pytest.raises(ErreurMetier, match="ne peut pas dépasser"):
        assemblee(demande, instances["assemblee"], montant=Decimal("60000.01"))
    assert not Resolution.objects.exists()


def test_comite_file_is_not_for_the_assemblee(instances):
    with pytest.raises(ErreurMetier, match="rencontre de l’instance .*Comité"):
        assemblee(soumise("50000.00", instances["comite"]), instances["assemblee"])


def test_instance_that_requests_wait_for_stays_active(instances, coordonnatrice):
    soumise("60000.00", instances["assemblee"])
    with pytest.raises(ErreurMetier, match="demande de fonds"):
        modifier_instance(instances["assemblee"], version=1, champs={"est_active": False}, auteur=coordonnatrice)


def test_decision_is_not_written_on_the_point_of_another_request(instances, comite, coordonnatrice):
    demande, autre = (soumise("1500.00", instances["comite"]) for _ in range(2))
    point = PointDemandeFactory(demande=autre).point
    with pytest.raises(ErreurMetier, match="pas celui de cette demande"):
        inscrire_decision_rencontre(
            demande.pk,
            auteur=coordonnatrice,
            rencontre=point.rencontre,
            enveloppe=EnveloppeFactory(),
            compte=CompteSalle(nb_presents=3, nb_pour=3, nb_contre=0, nb_abstentions=0),
            point=point,
        )


@pytest.mark.regle("R8")
@pytest.mark.parametrize(("montant", "reste"), [("150.00", 450), (None, 600)])
def test_r8_what_a_decision_left_never_moves_afterwards(instances, coordonnatrice, montant, reste):
    exercice = ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=exercice, montant=Decimal(1000))
    enveloppe = EnveloppeFactory(montant=Decimal(600), est_surplus=True)
    demande = soumise("150.00", instances["coordination"], enveloppe=enveloppe)
    decider_seul(
        demande.pk,
        auteur=coordonnatrice,
        montant=montant and Decimal(montant),
        enveloppe=enveloppe if montant else None,
        motif="Voilà.",
    )
    demande.refresh_from_db()
    voulu = (reste, reste + 400)
    assert (solde_de(demande).reste, solde_de(demande).reste_surplus) == voulu
    if montant:
        payer = {"genre": "transfert", "montant": Decimal(150), "date": timezone.localdate()}
        decaisser(demande.pk, auteur=coordonnatrice, beneficiaire="Eux", libelle="Tout", **payer)
    ResultatFinancierFactory(exercice=demande.exercice, montant=Decimal(-150))
    EnveloppeFactory(est_surplus=True, montant=Decimal(9))
    demande.refresh_from_db()
    assert (solde_de(demande).reste, solde_de(demande).reste_surplus) == voulu
    assert etat_surplus().reste == 850
