"""The whole chain, to the cent: amount, instance, recusals, ratification, resolution, minutes, payments."""

import datetime
from decimal import Decimal as D

import pytest
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, GenreDecaissement
from chantiers.demandes.queries.deliberations import a_enteriner
from chantiers.demandes.queries.engagements import disponible, etat_surplus
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.finances.queries.budget import budget_exercice, sommes_residuelles
from chantiers.finances.queries.decaissements import concordance, demandes_a_payer, total_a_payer
from chantiers.finances.queries.ecritures import lire_livre
from chantiers.finances.services.decaissements import contrepasser, decaisser, liberer_solde
from demarche.gouvernance.enums import Choix, Issue, ModeDecision
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.verification import verifier_registre
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.models import ProcesVerbal
from demarche.rencontres.services.adoptions_proces_verbaux import adopter_proces_verbal
from demarche.rencontres.services.points import ajouter_enterinements, ajouter_point
from demarche.rencontres.services.proces_verbaux import rediger_proces_verbal
from demarche.rencontres.services.votes_points import VoteSalle, voter_point
from demarche.scrutins.services.votes import recuser, voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import OrganisationFactory, RepresentationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.base]
JOURS = datetime.timedelta(days=1)


class Chaine:
    """The actors and the rows of one request, taken step by step."""

    def __init__(self, horloge):
        self.horloge = horloge
        DemarcheFactory()
        RegleAllocationFactory()
        self.exercice = ExerciceFactory()
        ResultatFinancierFactory(
            exercice=ExerciceFactory(annee=2024), montant=D("45000.00"), solde_ouverture=D("5000.00")
        )
        InstanceGouvernanceFactory(coordination=True)
        InstanceGouvernanceFactory(assemblee=True)
        self.comite = InstanceGouvernanceFactory(comite=True)
        self.comite.mode_decision = ModeDecision.CONSULTATION
        self.comite.save()
        mandats = [MandatFactory(siege__instance_gouvernance=self.comite, siege__numero=n) for n in range(1, 8)]
        self.membres = [mandat.utilisateur for mandat in mandats]
        self.coordonnatrice = UtilisateurFactory(coordonnateur=True)
        self.fiduciaire = UtilisateurFactory(fiduciaire=True)
        organisation = OrganisationFactory()
        RepresentationFactory(siege=mandats[0].siege, organisation=organisation)
        self.enveloppe = EnveloppeFactory(montant=D("40000.00"), est_surplus=True)
        self.demande = DemandeFondsFactory(
            montant_demande=D("30000.00"), organisation=organisation, exercice=self.exercice
        )
        PosteDemandeFactory(demande=self.demande, montant=D("30000.00"))
        ligne = LigneBudgetaireFactory(
            exercice=self.exercice, action_collective=self.demande.action_collective, montant_prevu=D("32000.00")
        )
        self.demande.ligne_budgetaire = ligne
        self.demande.save()

    def consulter(self):
        """Submit, open, two seats aside, four pour, one contre."""
        soumettre_demande(self.demande.pk, auteur=self.demande.demandeur)
        scrutin = ouvrir_deliberation(
            self.demande.pk,
            auteur=self.coordonnatrice,
            enveloppe=self.enveloppe,
            echeance=timezone.now() + 3 * JOURS,
        )
        recuser(scrutin.pk, auteur=self.membres[1], motif="Ma sœur y travaille.")
        for membre, choix in zip(self.membres[2:], ["pour", "pour", "pour", "pour", "contre"], strict=True):
            voter(scrutin.pk, auteur=membre, choix=Choix(choix))
        scrutin.refresh_from_db()
        self.demande.refresh_from_db()
        return scrutin

    def enteriner(self):
        """Five days later, the room ratifies, seat by seat."""
        self.horloge.move_to(timezone.now() + 5 * JOURS)
        self.rencontre = RencontreFactory(instance_gouvernance=self.comite, date=timezone.localdate())
        ajouter_enterinements(self.rencontre, auteur=self.coordonnatrice)
        point = self.rencontre.points.get()
        reponses = {1: "pour", 2: "recusation", **dict.fromkeys(range(3, 7), "pour"), 7: "absent"}
        point = voter_point(point, vote=VoteSalle(reponses=reponses), auteur=self.coordonnatrice)
        self.demande.refresh_from_db()
        return point

    def adopter_le_proces_verbal(self):
        rediger_proces_verbal(self.rencontre.pk, auteur=self.coordonnatrice)
        self.horloge.move_to(timezone.now() + 20 * JOURS)
        suivante = RencontreFactory(instance_gouvernance=self.comite, date=timezone.localdate())
        point = ajouter_point(
            suivante,
            champs={
                "genre": GenrePoint.PROCES_VERBAL,
                "titre": "Procès-verbal",
                "proces_verbal": ProcesVerbal.objects.get(),
            },
            auteur=self.coordonnatrice,
        )
        reponses = dict.fromkeys(range(1, 8), "pour")
        return adopter_proces_verbal(point.pk, auteur=self.coordonnatrice, vote=VoteSalle(reponses=reponses))

    def payer(self, montant):
        paiement = decaisser(
            self.demande.pk,
            auteur=self.fiduciaire,
            genre=GenreDecaissement.PAIEMENT_DIRECT,
            montant=D(montant),
            date=timezone.localdate(),
            beneficiaire="Atelier du Nord",
            libelle="Équipement",
        )
        self.demande.refresh_from_db()
        return paiement


@pytest.fixture
def chaine(horloge):
    return Chaine(horloge)


def test_consultation_reserves_and_pays_nothing_yet(chaine):
    scrutin = chaine.consulter()
    assert (scrutin.issue, scrutin.nb_electeurs, scrutin.nb_recusations, scrutin.nb_pour, scrutin.nb_contre) == (
        Issue.ADOPTEE,
        7,
        2,
        4,
        1,
    )
    assert (chaine.demande.etat, chaine.demande.montant_reserve) == (EtatDemande.EN_DELIBERATION, D("30000.00"))
    assert (a_enteriner(chaine.demande), disponible(chaine.enveloppe)) == (True, D("10000.00"))
    with pytest.raises(ErreurMetier, match="entériner"):
        chaine.payer("1.00")


@pytest.mark.regle("R4")
def test_organisation_that_asks_does_not_ratify_its_own_request(chaine):
    chaine.consulter()
    scrutin = chaine.enteriner().scrutin
    assert (scrutin.nb_pour, scrutin.nb_recusations, scrutin.nb_contre) == (4, 2, 0)


@pytest.mark.regle("R8")
def test_the_whole_chain_agrees_to_the_cent(chaine):
    chaine.consulter()
    point = chaine.enteriner()
    assert (chaine.demande.etat, point.scrutin.issue) == (EtatDemande.ACCORDEE, Issue.ADOPTEE)
    assert chaine.demande.resolution.code == "CP-2025-2026-001"
    assert "4 pour, 0 contre" in chaine.demande.motif_decision
    proces_verbal = chaine.adopter_le_proces_verbal()
    assert (proces_verbal.est_adopte, "CP-2025-2026-001" in str(proces_verbal.donnees)) == (True, True)

    premier = chaine.payer("12500.00")
    contrepasser(premier.pk, auteur=chaine.fiduciaire, motif="Chèque au mauvais nom.")
    chaine.payer("12500.00")
    chaine.payer("5000.01")
    libere = liberer_solde(chaine.demande.pk, auteur=chaine.coordonnatrice, motif="Moins cher que prévu.")
    chaine.demande.refresh_from_db()

    # The request: paid and released make what was granted.
    assert (chaine.demande.montant_paye, libere) == (D("17500.01"), D("12499.99"))
    assert (chaine.demande.montant_accorde, chaine.demande.montant_a_payer) == (D("30000.00"), D(0))
    # The envelope, the ledger, the budget and the surplus.
    chaine.enveloppe.refresh_from_db()
    assert (chaine.enveloppe.montant_engage, disponible(chaine.enveloppe)) == (D("17500.01"), D("22499.99"))
    assert (concordance().ecarts, set(concordance().chemins.values())) == ((), {D("17500.01")})
    livre = lire_livre(enveloppe=chaine.enveloppe).entrees
    assert [(e.engagement, e.paiement) for e in livre] == [
        (D("30000.00"), D(0)),
        (D("-12500.00"), D("12500.00")),
        (D("12500.00"), D("-12500.00")),
        (D("-12500.00"), D("12500.00")),
        (D("-5000.01"), D("5000.01")),
        (D("-12499.99"), D(0)),
    ]
    assert (livre[-1].solde_engage, livre[-1].solde_paye) == (D(0), D("17500.01"))
    budget = budget_exercice(chaine.exercice)
    assert (budget.depenses_prevues, budget.engage, budget.depenses_reelles, budget.libre) == (
        D("32000.00"),
        D(0),
        D("17500.01"),
        D("14499.99"),
    )
    assert etat_surplus().total == D("50000.00") == sommes_residuelles(ExerciceFactory(annee=2024)).total
    # The register tells it all, in order, and is whole.
    genres = list(EvenementRegistre.objects.order_by("numero").values_list("genre", flat=True))
    assert genres[-5:] == [
        GenreEvenement.DECAISSEMENT,
        GenreEvenement.CONTREPASSATION,
        GenreEvenement.DECAISSEMENT,
        GenreEvenement.DECAISSEMENT,
        GenreEvenement.LIBERATION,
    ]
    assert [genres.count(g) for g in (GenreEvenement.RESOLUTION, GenreEvenement.PROCES_VERBAL)] == [2, 1]
    assert [str(rupture) for rupture in verifier_registre().ruptures] == []


@pytest.mark.regle("R8")
@pytest.mark.parametrize(
    ("paye", "libere"), [("16937.83", "12405.08"), ("24865.58", "13091.91"), ("0.10", "0.20"), ("20072.61", "3692.01")]
)
def test_cents_that_floating_point_adds_badly_are_paid_and_released_to_the_last(chaine, paye, libere):
    """SQLite would find that 0.1 + 0.2 exceeds 0.3, and refuse the last cent, or leave a trillionth to pay."""
    demande = DemandeFondsFactory(accordee=True, montant_demande=D(paye) + D(libere), exercice=chaine.exercice)
    chaine.demande = demande
    chaine.payer(paye)
    assert total_a_payer(demandes_a_payer()) == D(libere)
    assert liberer_solde(demande.pk, auteur=chaine.coordonnatrice, motif="Projet fini.") == D(libere)
    demande.refresh_from_db()
    demande.enveloppe.refresh_from_db()
    assert (demande.montant_a_payer, demande.enveloppe.montant_engage) == (D(0), D(paye))
    assert not demandes_a_payer().exists()
    assert budget_exercice(chaine.exercice).engage == D(0)
