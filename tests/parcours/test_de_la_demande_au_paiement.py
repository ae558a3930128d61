"""The whole chain: 30 000 $ asked, two members stand aside, minutes in PDF, a part paid; every figure ties."""

import datetime
import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from chantiers.budget.models import Enveloppe
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.engagements import disponible
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.finances.queries.budget import sommes_residuelles
from demarche.gouvernance.models import Exercice
from demarche.registre.services.verification import verifier_registre
from demarche.rencontres.models import ProcesVerbal
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import DemarcheFactory, ExerciceFactory, InstanceGouvernanceFactory, MandatFactory
from tests.parcours.test_demander_et_voter import dernier_courriel, entrer_par_code


@pytest.fixture
def maison(transactional_db, personne_de):
    """Seven seats, 40 000 $ of the surplus put in an envelope, one request of 30 000 $ that waits for the comité."""
    DemarcheFactory()
    exercice = ExerciceFactory()
    RegleAllocationFactory()
    for nom in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})
    ResultatFinancierFactory(exercice=exercice, montant=Decimal("60000.00"))
    EnveloppeFactory(nom="Sommes résiduelles", montant=Decimal("40000.00"), est_surplus=True, bailleur="")
    demande = DemandeFondsFactory(
        titre="Cuisine collective",
        montant_demande=Decimal("30000.00"),
        demandeur=personne_de("partenaire"),
        action_collective=ActionCollectiveFactory(titre="Marché du samedi"),
        exercice=exercice,
    )
    PosteDemandeFactory(demande=demande, libelle="Équipement", montant=Decimal("30000.00"))
    soumettre_demande(demande.pk, auteur=demande.demandeur)
    return [MandatFactory(utilisateur__email=f"siege{n}@exemple.test").utilisateur for n in range(6)]


def voter(page, chemin, reponse):
    page.goto(chemin)
    page.get_by_role("radio", name=re.compile(f"^{reponse}\\b")).check()  # « Je me récuse » says that it is for good
    page.get_by_role("button", name="Envoyer mon vote").click()


def test_thirty_thousand_dollars_from_the_request_to_a_partial_payment(
    maison, page, page_telephone, ouvrir_page, connecter, personne_de, suivre, verifier_axe, horloge
):
    demande = DemandeFonds.objects.get()
    coordination = page
    connecter(coordination, personne_de("coordonnateur"))
    fiduciaire = personne_de("fiduciaire")  # holds the seventh seat

    # The coordination opens the ballot.
    coordination.goto(demande.get_absolute_url())
    coordination.get_by_role("link", name="Ouvrir le scrutin").click()
    coordination.get_by_label("Enveloppe").select_option(index=1)
    coordination.get_by_role("button", name="Ouvrir le scrutin").click()
    chemin = re.search(r"/demandes/\d+/fiche/", dernier_courriel("siege0@exemple.test"))[0]

    # One member comes from the e-mail, on a phone, with a code; two stand aside; four others vote.
    page_telephone.goto(chemin)
    entrer_par_code(page_telephone, "siege0@exemple.test")
    verifier_axe(page_telephone)
    voter(page_telephone, chemin, "Pour")
    for membre, reponse in zip(
        [*maison[1:], fiduciaire],
        ["Je me récuse", "Je me récuse", "Pour", "Contre", "Abstention", "Pour"],
        strict=True,
    ):
        autre = ouvrir_page(width=360, height=740)
        connecter(autre, membre)
        voter(autre, chemin, reponse)
    demande.refresh_from_db()
    assert (demande.montant_accorde, demande.scrutin.nb_recusations) == (Decimal("30000.00"), 2)

    # The next day the comité meets: the minutes note what was decided since; the PDF holds the resolution.
    horloge.shift(datetime.timedelta(days=1))
    coordination.goto("/rencontres/nouvelle/")
    coordination.get_by_label("Instance").select_option(label="Comité de pilotage")
    coordination.get_by_label("Titre").fill("Comité de janvier")
    coordination.get_by_label("Date").fill((JOUR + datetime.timedelta(days=1)).isoformat())
    coordination.get_by_label("Points à l’ordre du jour").fill("Suivi des demandes\nVarias")
    suivre(coordination.get_by_role("button", name=re.compile("Enregistrer|Annoncer")))
    verifier_axe(coordination)
    coordination.get_by_role("button", name="Rédiger le procès-verbal").click()
    proces_verbal = ProcesVerbal.objects.get()
    coordination.goto(proces_verbal.get_absolute_url())
    verifier_axe(coordination)
    expect(coordination.get_by_text(demande.resolution.code).first).to_be_visible()
    pdf = coordination.request.get(f"/proces-verbaux/{proces_verbal.pk}/pdf/")
    assert (pdf.status, pdf.body()[:5]) == (200, b"%PDF-")

    # The fiduciaire pays a part.
    compta = ouvrir_page()
    connecter(compta, fiduciaire)
    compta.goto("/espace/")
    suivre(compta.get_by_role("link", name="Cuisine collective").first)
    verifier_axe(compta)
    compta.get_by_label(re.compile("Transfert")).check()
    compta.get_by_label("Montant payé").fill("12 500,00")
    compta.get_by_label("Payé à").fill("Cuisine du quartier")
    compta.get_by_label("Pour", exact=True).fill("Premier versement")
    compta.get_by_role("button", name=re.compile("paiement")).click()
    expect(compta.get_by_text(re.compile(r"17.500,00.\$")).first).to_be_visible()

    # Everything agrees to the cent.
    demande.refresh_from_db()
    enveloppe = Enveloppe.objects.get()
    assert (demande.montant_paye, demande.montant_a_payer) == (Decimal("12500.00"), Decimal("17500.00"))
    assert (enveloppe.montant_engage, disponible(enveloppe)) == (Decimal("30000.00"), Decimal("10000.00"))
    assert sommes_residuelles(Exercice.objects.get()).total == Decimal("60000.00")
    coordination.goto("/budget/")
    expect(coordination.get_by_text(re.compile(r"12.500,00.\$")).first).to_be_visible()
    expect(coordination.get_by_text(re.compile(r"17.500,00.\$")).first).to_be_visible()
    verifier_axe(coordination)
    assert verifier_registre().ruptures == ()
    assert demande.resolution.adoptee_le == datetime.date(2026, 1, 14)
