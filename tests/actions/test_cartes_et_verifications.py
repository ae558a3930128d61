import datetime
from decimal import Decimal

import pytest

from chantiers.actions import verifications as actions
from chantiers.actions.enums import EtatAction, FiabiliteNombre, TypeAction
from chantiers.actions.extensions import a_suivre, carte_activites, carte_chantiers
from chantiers.actions.models import ActionCollective
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.extensions import ReglesDemandes
from chantiers.finances import verifications as finances
from chantiers.finances.extensions import etape_enveloppe
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ActiviteFactory,
    AffectationSurplusFactory,
    ChantierFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    RegleAllocationFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import DemarcheFactory, ExerciceFactory

pytestmark = pytest.mark.django_db
D = datetime.date


def test_reminder_names_one_action_and_counts_several(personne_de):
    ExerciceFactory()
    action = ActionCollectiveFactory()
    agent = personne_de("agent")
    assert [(a.libelle, a.url) for a in a_suivre(agent)] == [(action.titre, action.get_absolute_url())] * 2
    ActionCollectiveFactory()
    assert [a.libelle for a in a_suivre(agent)] == [
        "2 actions en cours sans activité notée",
        "2 actions en cours sans budget",
    ]
    assert list(a_suivre(personne_de("fiduciaire"))) == []


def test_no_reminder_in_the_first_weeks_nor_once_done(personne_de, horloge):
    ExerciceFactory()
    action = ActiviteFactory().action_collective
    LigneBudgetaireFactory(action_collective=action)
    agent = personne_de("agent")
    assert list(a_suivre(agent)) == []
    ActionCollectiveFactory()
    assert len(list(a_suivre(agent))) == 2
    horloge.move_to(datetime.datetime(2025, 8, 1, 12, tzinfo=datetime.UTC))
    assert list(a_suivre(agent)) == []


def test_public_home_card_counts_public_actions_only():
    ExerciceFactory()
    assert carte_chantiers(None) is None
    chantier = ChantierFactory()
    ActionCollectiveFactory(chantier=chantier)
    ActionCollectiveFactory(chantier=chantier, est_publique=False)
    groupes = carte_chantiers(None)["groupes"]
    assert [(g.chantier, len(g.actions)) for g in groupes] == [(chantier, 1)]


def test_what_moves_shows_what_one_may_read(personne_de):
    interne = ActiviteFactory(action_collective__est_publique=False)
    assert carte_activites(personne_de("partenaire")) is None
    assert carte_activites(personne_de("agent"))["activites"] == [interne]


@pytest.mark.parametrize("role", ["public", "agent"])
def test_home_pages_show_the_cards(client_de, role):
    DemarcheFactory()
    ExerciceFactory()
    ActiviteFactory(action_collective__chantier__nom="Logement", titre="Tournée")
    page = client_de(role).get("/" if role == "public" else "/espace/").content.decode()
    assert ("Logement" if role == "public" else "Tournée") in page


def test_setting_up_asks_for_thresholds_in_force_and_an_envelope(personne_de, horloge):
    coordination = personne_de("coordonnateur")

    def faites():
        [seuils] = ReglesDemandes().etapes(coordination)
        return [seuils.est_faite, etape_enveloppe(coordination).est_faite]

    assert faites() == [False, False]
    regle = RegleAllocationFactory()
    EnveloppeFactory()
    assert faites() == [True, True]
    horloge.move_to(regle.en_vigueur_du - datetime.timedelta(days=1))
    assert faites() == [False, True]


@pytest.mark.parametrize("role", ["coordonnateur", "administrateur"])
def test_steps_of_setting_up_link_to_pages_that_open(client_de, role):
    client = client_de(role)
    etapes = client.get("/espace/").context["etapes"]
    seuils, enveloppe = (e for e in etapes if e.libelle.startswith("Inscrire"))
    assert client.get(seuils.url).status_code == 200
    if role == "coordonnateur":
        assert client.get(enveloppe.url).status_code == 200
    else:
        assert enveloppe.url == ""


def phrases(fonction):
    return [constat.phrase for constat in fonction(ExerciceFactory())]


def test_sound_data_has_no_finding_but_the_surplus():
    exercice = ExerciceFactory()
    action = ActiviteFactory(nb_personnes=3).action_collective
    LigneBudgetaireFactory(action_collective=action, montant_reel=90)
    ResultatFinancierFactory(exercice=exercice, montant=500)
    AffectationSurplusFactory(exercice=exercice, montant=500)
    siennes = [*actions.VERIFICATIONS, *finances.VERIFICATIONS]
    assert len(siennes) == 13
    assert [constat for v in siennes for constat in v.fonction(exercice)] == []


def test_each_check_finds_its_defect_and_links_to_a_page(client_de):
    ExerciceFactory()
    action = ActionCollectiveFactory(titre="Nue")
    longue = ActionCollectiveFactory(titre="Longue", fin=D(2026, 6, 30), etat=EtatAction.PREPARATION)
    breve = ActionCollectiveFactory(
        titre="Brève", fin=D(2025, 9, 1), type_action=TypeAction.STRUCTURANTE, etat=EtatAction.PREPARATION
    )
    ActiviteFactory(titre="Estimée", nb_personnes=9, fiabilite=FiabiliteNombre.ESTIME, action_collective=longue)
    ActiviteFactory(titre="Perdue", date=D(1999, 1, 1), action_collective=longue)
    ActiviteFactory(titre="Tardive", date=D(2025, 10, 1), action_collective=breve)
    LigneBudgetaireFactory(action_collective=longue, libelle="Don")
    LigneBudgetaire.objects.update(bailleur="Fondation")
    exercice = ExerciceFactory()
    client = client_de("coordonnateur")
    attendus = {
        actions.actions_sans_activite: ["Nue"],
        finances.actions_sans_budget: ["Nue"],
        actions.durees: ["Longue", "Brève"],
        actions.activites_hors_exercice: ["Perdue"],
        actions.activites_hors_action: ["Tardive"],
        actions.nombres_estimes: ["Longue"],
        finances.fonds_sans_gestionnaire: ["Don"],
        finances.lignes_sans_reel: ["Don"],
        finances.surplus: ["surplus"],
    }
    for fonction, noms in attendus.items():
        constats = list(fonction(exercice))
        assert len(constats) == len(noms), fonction
        for constat, nom in zip(
            sorted(constats, key=lambda c: noms.index(next(n for n in noms if n in c.phrase))), noms, strict=True
        ):
            assert nom in constat.phrase
            assert client.get(constat.url).status_code == 200
    assert action.pk
    assert ActionCollective.objects.count() == 3


@pytest.mark.regle("R9")
@pytest.mark.parametrize(
    ("affecte", "gravite"), [(Decimal("99.99"), "a_verifier"), (Decimal(100), None), (Decimal("100.01"), "bloquant")]
)
def test_r9_unallocated_or_exceeded_surplus(affecte, gravite):
    exercice = ExerciceFactory()
    ResultatFinancierFactory(exercice=exercice, montant=100)
    AffectationSurplusFactory(exercice=exercice, montant=affecte)
    assert [c.gravite for c in finances.surplus(exercice)] == ([gravite] if gravite else [])
