"""Where the money stands: budget without double counting, envelopes, the ledger, and that all of it ties."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from chantiers.actions.protocoles import AUCUN_BUDGET
from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande, GenreApport
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.engagements import (
    etat_surplus,
    restes_apres,
    solde_de,
    solde_enveloppe,
    soldes_utilisables,
)
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.engagements import actualiser_engagement
from chantiers.finances import verifications
from chantiers.finances.queries.budget import (
    budget_exercice,
    budget_par_action,
    demandes_accordees,
    paye_pour_un_autre,
    totaux_budget,
)
from chantiers.finances.queries.decaissements import (
    concordance,
    demandes_a_payer,
    liberations_de,
    paiements,
    total_a_payer,
)
from chantiers.finances.queries.ecritures import ANNULATION, LIBERATION, OCTROI, PAIEMENT, lire_livre
from chantiers.finances.queries.lignes import (
    apports_des_demandes,
    avec_demandes_reliees,
    portee_du_total,
    suivre_lignes,
    suivre_sans_ligne,
)
from chantiers.finances.services.decaissements import contrepasser, decaisser, liberer_solde
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ApportDemandeFactory,
    ChantierFactory,
    DecaissementFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import DocumentFactory, ExerciceFactory, InstanceGouvernanceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def exercice():
    return ExerciceFactory()


def accordee(montant, **autres):
    return DemandeFondsFactory(accordee=True, montant_demande=D(montant), **autres)


def payer(demande, montant, **autres):
    return decaisser(
        demande.pk,
        **{
            "auteur": UtilisateurFactory(),
            "genre": "paiement_direct",
            "montant": D(montant),
            "date": JOUR,
            "beneficiaire": "Fournisseur",
            "libelle": "Facture",
            **autres,
        },
    )


# The budget: planned, committed, spent, free.


@pytest.mark.regle("R8")
def test_linked_line_takes_its_real_amount_from_payments_only(exercice):
    ligne = LigneBudgetaireFactory(montant_prevu=D(1000), montant_reel=D(999))  # typed before, and now ignored
    demande = accordee(800, action_collective=ligne.action_collective, ligne_budgetaire=ligne)
    payer(demande, 300)
    total = budget_exercice(exercice)
    assert (total.depenses_prevues, total.engage, total.depenses_reelles, total.libre) == (1000, 500, 300, 200)
    (suivi,) = suivre_lignes(portee_du_total(exercice).lignes)
    assert (suivi.prevu, suivi.engage, suivi.depense, suivi.libre, suivi.nb_demandes) == (1000, 500, 300, 200, 1)
    liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Fini")
    total = budget_exercice(exercice)
    assert (total.engage, total.depenses_reelles, total.libre) == (0, 300, 700)


def test_pending_request_leaves_the_typed_amount(exercice):
    ligne = LigneBudgetaireFactory(montant_prevu=D(100), montant_reel=D(90))
    DemandeFondsFactory(soumise=True, action_collective=ligne.action_collective, ligne_budgetaire=ligne)
    total = budget_exercice(exercice)
    assert (total.nb_demandes, total.engage, total.depenses_reelles) == (0, 0, 90)


def test_grants_without_line_are_their_own_row_and_totals_hold_every_grant(exercice):
    ligne = LigneBudgetaireFactory(montant_prevu=D(1000))
    action = ligne.action_collective
    payer(accordee(400, action_collective=action, ligne_budgetaire=ligne), 100)
    payer(accordee(50, action_collective=action), 20)
    accordee(7, action_collective=ActionCollectiveFactory(du_comite=True))
    accordee(9999, action_collective=action, exercice=ExerciceFactory(annee=2024))  # another year
    portee = portee_du_total(exercice)
    suivis = suivre_lignes(portee.lignes) + suivre_sans_ligne(portee.sans_ligne, exercice)
    assert [(s.libelle, s.engage, s.depense) for s in suivis] == [
        (ligne.libelle, 300, 100),
        ("Demandes sans ligne au budget", 30, 20),
        ("Demandes sans ligne au budget", 7, 0),
    ]
    total = budget_exercice(exercice)
    assert (total.engage, total.depenses_reelles) == (sum(s.engage for s in suivis), sum(s.depense for s in suivis))
    accordes = demandes_accordees(exercice)
    assert total.engage + total.depenses_reelles == sum(d.montant_accorde - d.montant_libere for d in accordes)
    assert sum(budget_par_action(exercice).values(), AUCUN_BUDGET) == total
    une = portee_du_total(exercice, de=f"chantier-{action.chantier_id}")
    assert totaux_budget(une.lignes, une.demandes).engage == 330
    revenus = portee_du_total(exercice, nature="revenu")
    assert totaux_budget(revenus.lignes, revenus.demandes).est_vide


@pytest.mark.regle("R10")
def test_r10_what_follows_the_last_day_is_apart_and_moves_no_figure_of_the_exercice(exercice, horloge):
    ligne = LigneBudgetaireFactory(montant_prevu=D(1000))
    demande = accordee(800, action_collective=ligne.action_collective, ligne_budgetaire=ligne)
    seule = accordee(100)
    horloge.move_to(datetime.datetime(2026, 6, 30, 15, tzinfo=datetime.UTC))
    premier = payer(demande, 300, date=exercice.fin)
    liberer_solde(seule.pk, auteur=UtilisateurFactory(), motif="Moins cher que prévu.")
    portee = portee_du_total(exercice)
    avant, lignes = budget_exercice(exercice), suivre_lignes(portee.lignes)
    assert (avant.engage, avant.depenses_reelles, avant.paye_depuis, avant.a_payer) == (500, 300, 0, 500)
    horloge.move_to(datetime.datetime(2026, 7, 1, 15, tzinfo=datetime.UTC))
    suivant = ExerciceFactory(annee=2026)
    payer(demande, 120, date=suivant.debut)
    contrepasser(premier.pk, auteur=UtilisateurFactory(), motif="Chèque perdu.")
    payer(demande, 310, date=suivant.debut)
    liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Le reste est inutile.")
    apres = budget_exercice(exercice)
    assert (apres.paye_depuis, apres.libere_depuis, apres.a_payer) == (130, 370, 0)
    assert replace(apres, paye_depuis=D(0), libere_depuis=D(0)) == avant
    assert suivre_lignes(portee.lignes) == lignes
    (reliee,) = avec_demandes_reliees(portee.lignes)
    assert (reliee.nb_reliees, reliee.paye) == (1, 300)
    # What the payments say, year by year, is what the budget says.
    payes = [sum(p.montant for p in paiements(exercice=un)) for un in (exercice, suivant)]
    assert payes == [apres.depenses_reelles, apres.paye_depuis]
    assert [paye_pour_un_autre(un) for un in (exercice, suivant)] == [0, apres.paye_depuis]


def test_what_others_bring_stays_out_of_money(exercice):
    demande = accordee(100)
    ApportDemandeFactory(demande=demande, genre=GenreApport.NATURE, montant=D(40))
    ApportDemandeFactory(demande=demande, genre=GenreApport.COFINANCEMENT, montant=D(60))
    ApportDemandeFactory(demande=DemandeFondsFactory(soumise=True), montant=D(1000))
    assert apports_des_demandes(demandes_accordees(exercice)) == {"nature": 40, "cofinancement": 60}
    assert budget_exercice(exercice).engage == 100


def test_follow_up_of_lines_takes_the_same_queries_whatever_the_rows(exercice, django_assert_num_queries):
    for nombre in (1, 3, 12):
        for _ in range(nombre):
            ligne = LigneBudgetaireFactory()
            accordee(10, action_collective=ligne.action_collective, ligne_budgetaire=ligne)
            accordee(10)
        portee = portee_du_total(exercice)
        with django_assert_num_queries(2):
            suivre_lignes(portee.lignes)
        with django_assert_num_queries(2):
            suivre_sans_ligne(portee.sans_ligne, exercice)


# Envelopes and the surplus.


def test_envelope_says_granted_reserved_paid_released_and_left():
    enveloppe = EnveloppeFactory(montant=D(5000))
    demande = accordee(1000, enveloppe=enveloppe)
    DemandeFondsFactory(en_deliberation=True, montant_demande=D(700), enveloppe=enveloppe)
    payer(demande, 400)
    liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Fini")
    solde = solde_enveloppe(enveloppe.pk)
    assert (solde.octroye, solde.accorde, solde.reserve, solde.paye, solde.libere) == (1000, 400, 700, 400, 600)
    assert (solde.engage, solde.a_payer, solde.disponible) == (1100, 0, 3900)
    assert Enveloppe.objects.get().montant_engage == solde.engage


def test_only_the_envelopes_that_may_fund_a_request_are_offered():
    demande = DemandeFondsFactory(soumise=True)
    libre = EnveloppeFactory()
    sienne = EnveloppeFactory(chantier=demande.action_collective.chantier)
    EnveloppeFactory(chantier=ChantierFactory())
    EnveloppeFactory(du=JOUR - datetime.timedelta(days=9), au=JOUR - datetime.timedelta(days=1))
    EnveloppeFactory(du=JOUR + datetime.timedelta(days=1))
    assert {s.enveloppe for s in soldes_utilisables(demande)} == {libre, sienne}
    assert {r.enveloppe for r in restes_apres(demande)} == {libre, sienne}
    assert len(soldes_utilisables()) == 3


@pytest.mark.regle("R9")
def test_r9_what_remains_of_the_surplus_takes_nothing_twice(exercice):
    avant = ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=avant, montant=D(1000), solde_ouverture=D(500))
    enveloppe = EnveloppeFactory(est_surplus=True, montant=D(900), du=avant.debut)
    vieille = accordee(300, enveloppe=enveloppe, exercice=avant)
    DecaissementFactory(demande=vieille, exercice=avant, date=datetime.date(2025, 6, 30), montant=D(200))
    payer(vieille, 50)
    DemandeFondsFactory(en_deliberation=True, montant_demande=D(100), enveloppe=enveloppe)
    etat = etat_surplus()
    # 1500 set aside on 30 June, once the 200 paid before are gone; since: 100 granted and left, 100 reserved.
    assert (etat.total, etat.arrete_au, etat.engage, etat.reste) == (1500, avant.fin, 200, 1300)
    assert (etat.a_couvrir, etat.depassement) == (700, 0)


@pytest.mark.regle("R9")
def test_r9_decision_page_says_what_remains_of_the_surplus(exercice):
    ResultatFinancierFactory(exercice=ExerciceFactory(annee=2024), montant=D(1000))
    enveloppe = EnveloppeFactory(est_surplus=True, montant=D(600))
    EnveloppeFactory()
    demande = DemandeFondsFactory(soumise=True, montant_demande=D(150))
    par_nom = {r.enveloppe: r for r in restes_apres(demande)}
    assert (par_nom[enveloppe].reste, par_nom[enveloppe].reste_surplus) == (450, 850)
    assert [r.reste_surplus for e, r in par_nom.items() if e != enveloppe] == [None]
    deliberee = DemandeFondsFactory(en_deliberation=True, montant_demande=D(150), enveloppe=enveloppe)
    apres = solde_de(DemandeFonds.objects.get(pk=deliberee.pk))
    assert (apres.reste, apres.reste_surplus) == (450, 850)


def test_only_a_ballot_or_a_decision_says_what_remains():
    for etat in ("soumise", "retiree", "expiree", "refusee"):
        demande = DemandeFondsFactory(**{etat: True}, enveloppe=EnveloppeFactory())
        assert solde_de(demande) is None


def test_surplus_takes_the_same_queries_whatever_the_rows(django_assert_num_queries):
    for nombre in (1, 3, 9):
        for _ in range(nombre):
            accordee(1, enveloppe=EnveloppeFactory(est_surplus=True))
        with django_assert_num_queries(3):
            etat_surplus()


# What waits to be paid.


def test_oldest_grant_is_paid_first_and_the_total_is_that_of_the_list():
    recente, ancienne = accordee(100), accordee(200)
    ancienne.resolution.adoptee_le = datetime.date(2025, 9, 1)
    ancienne.resolution.save()
    payer(recente, 30)
    soldee = accordee(5)
    payer(soldee, 5)
    DemandeFondsFactory(en_deliberation=True)
    assert list(demandes_a_payer()) == [ancienne, recente]
    assert total_a_payer(demandes_a_payer()) == 270
    assert list(demandes_a_payer(enveloppe=recente.enveloppe)) == [recente]


def test_releases_are_read_with_their_reasons():
    demande = accordee(100)
    paiement = payer(demande, 60)
    liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Moins cher : deux fois")
    contrepasser(paiement.pk, auteur=UtilisateurFactory(), motif="Erreur")
    liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Abandon")
    assert [(une.montant, une.motif) for une in liberations_de(demande)] == [
        (40, "Moins cher : deux fois"),
        (60, "Abandon"),
    ]


# The ledger.


@pytest.fixture
def histoire():
    """A grant of 1 000 $ decided through the service: two payments, one reversed, the rest released."""
    coordination = InstanceGouvernanceFactory(coordination=True)
    enveloppe = EnveloppeFactory(montant=D(5000))
    demande = DemandeFondsFactory(soumise=True, montant_demande=D(900), instance_gouvernance=coordination)
    auteur = UtilisateurFactory(coordonnateur=True)
    decider_seul(demande.pk, auteur=auteur, montant=D(900), enveloppe=enveloppe, motif="Oui")
    premier = payer(demande, 200)
    payer(demande, 300, genre="remboursement", recu=DocumentFactory())
    contrepasser(premier.pk, auteur=auteur, motif="Chèque perdu")
    liberer_solde(demande.pk, auteur=auteur, motif="Fini")
    return DemandeFonds.objects.get(pk=demande.pk)


def test_ledger_tells_every_entry_with_its_running_balances(histoire):
    entrees = lire_livre().entrees
    assert [(e.genre, e.engagement, e.paiement, e.solde_engage, e.solde_paye) for e in entrees] == [
        (OCTROI, 900, 0, 900, 0),
        (PAIEMENT, -200, 200, 700, 200),
        (PAIEMENT, -300, 300, 400, 500),
        (ANNULATION, 200, -200, 600, 300),
        (LIBERATION, -600, 0, 0, 300),
    ]
    lignes = dict(EvenementRegistre.objects.values_list("numero", "genre"))
    assert [lignes[e.numero] for e in entrees] == [
        GenreEvenement.RESOLUTION,
        GenreEvenement.DECAISSEMENT,
        GenreEvenement.DECAISSEMENT,
        GenreEvenement.CONTREPASSATION,
        GenreEvenement.LIBERATION,
    ]
    assert [(e.motif, lignes.get(e.annule)) for e in entrees[3:]] == [
        ("Chèque perdu", GenreEvenement.DECAISSEMENT),
        ("Fini", None),
    ]
    assert {e.inscrit_par for e in entrees} >= {str(histoire.decidee_par)}
    total = lire_livre().total
    assert (total.octroye, total.libere, total.paye, total.reste) == (900, 600, 300, histoire.montant_a_payer)


def test_ledger_keeps_an_exercice_and_an_envelope(histoire, exercice, horloge):
    suivant = ExerciceFactory(annee=2026)
    autre = accordee(100, enveloppe=EnveloppeFactory(nom="Autre"))
    horloge.move_to(datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC))
    payer(autre, 40, date=datetime.date(2026, 9, 1))
    livre = lire_livre(exercice=suivant)
    (paye,) = livre.entrees
    assert (paye.paiement, paye.solde_engage, paye.solde_paye) == (40, 60, 340)  # carried from the year before
    # A balance, never a movement: what the years before left, what moved, what is left.
    total = livre.total
    assert (total.reporte, total.octroye, total.paye, total.reste) == (100, 0, 40, 60)
    assert (total.paye_avant, total.paye_en_tout) == (300, 340)
    assert [(t.cle, t.reporte, t.paye, t.reste) for t in livre.par("enveloppe")] == [
        ("Autre", 100, 40, 60),
        (histoire.enveloppe.nom, 0, 0, 0),
    ]
    assert [e.genre for e in lire_livre(enveloppe=autre.enveloppe).entrees] == [OCTROI, PAIEMENT]
    assert len(lire_livre(exercice=exercice).entrees) == 6


def test_ledger_takes_the_same_queries_whatever_the_rows(django_assert_num_queries):
    for nombre in (1, 3, 9):
        for _ in range(nombre):
            payer(accordee(10), 4)
        with django_assert_num_queries(5):
            lire_livre()


# The figures tie.


@pytest.mark.regle("R8")
def test_the_figures_tie_along_every_path(histoire, exercice, django_assert_num_queries):
    payer(accordee(80, action_collective=ActionCollectiveFactory(du_comite=True)), 33)
    DemandeFondsFactory(en_deliberation=True)
    with django_assert_num_queries(9):
        etat = concordance()
    assert (etat.ecarts, set(etat.chemins.values())) == ((), {D(333)})
    assert list(verifications.argent_concorde(exercice)) == []
    for enveloppe in Enveloppe.objects.all():
        demandes = enveloppe.demandes.all()
        accorde = sum(d.montant_accorde - d.montant_libere for d in demandes if d.etat == EtatDemande.ACCORDEE)
        assert enveloppe.montant_engage == accorde + sum(d.montant_reserve for d in demandes)


def test_a_row_written_aside_is_found_and_named(histoire, exercice):
    DemandeFonds.objects.filter(pk=histoire.pk).update(montant_paye=D(299))
    Enveloppe.objects.filter(pk=histoire.enveloppe_id).update(montant_engage=D(1))
    phrases = [c.phrase for c in verifications.argent_concorde(exercice)]
    assert [c.gravite for c in verifications.argent_concorde(exercice)] == ["bloquant"] * 2
    assert "299,00" in phrases[0]
    assert histoire.enveloppe.nom in phrases[1]
    actualiser_engagement(histoire.enveloppe_id)
    assert len(concordance().ecarts) == 1


def test_requests_tied_to_the_wrong_line_are_found(exercice):
    ligne = LigneBudgetaireFactory(montant_reel=D(1))
    accordee(1, action_collective=ligne.action_collective, ligne_budgetaire=ligne)
    accordee(1, ligne_budgetaire=ligne, titre="Ailleurs")
    DemandeFondsFactory(refusee=True, ligne_budgetaire=ligne)
    phrases = sorted(c.phrase for c in verifications.lignes_reliees(exercice))
    assert [("Ailleurs" in p, "à la main" in p) for p in phrases] == [(True, False), (False, True)]


def test_other_checks_of_the_money(exercice):
    EnveloppeFactory(est_surplus=True, montant=D(10))
    assert [c.gravite for c in verifications.surplus_engage(exercice)] == ["bloquant"]
    reservee = EnveloppeFactory(chantier=ChantierFactory())
    accordee(1, enveloppe=reservee, titre="Ailleurs")
    assert ["Ailleurs" in c.phrase for c in verifications.enveloppes_reservees(exercice)] == [True]
    ligne = LigneBudgetaireFactory()
    accordee(1, action_collective=ligne.action_collective, ligne_budgetaire=ligne)
    assert list(verifications.lignes_sans_reel(exercice)) == []
