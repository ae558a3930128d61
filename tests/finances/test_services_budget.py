import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier
from chantiers.demandes.models import DemandeFonds, RegleAllocation
from chantiers.demandes.services.engagements import reserver
from chantiers.demandes.services.regles_allocation import ajouter_regle
from chantiers.finances.queries.budget import sommes_residuelles
from chantiers.finances.services.budget import enregistrer_budget, rattacher_demande
from chantiers.finances.services.enveloppes import creer_enveloppe, modifier_enveloppe
from chantiers.finances.services.surplus import enregistrer_surplus
from demarche.socle.concurrence import empreinte
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    AffectationSurplusFactory,
    ChantierFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    RegleAllocationFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import ExerciceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


def ligne(**autres):
    return LigneBudgetaire(
        **{"nature": NatureLigne.DEPENSE, "libelle": "Impression", "montant_prevu": Decimal(100), **autres}
    )


def enregistrer(action, exercice, lignes, retirees=(), attendue=None):
    actuelles = LigneBudgetaire.objects.filter(action_collective=action, exercice=exercice)
    return enregistrer_budget(
        action,
        exercice=exercice,
        empreinte=empreinte(actuelles) if attendue is None else attendue,
        lignes=list(lignes),
        retirees=list(retirees),
        auteur=UtilisateurFactory(),
    )


@pytest.mark.parametrize("de_la_demarche", [False, True])
def test_several_lines_at_once(de_la_demarche):
    exercice = ExerciceFactory()
    action = None if de_la_demarche else ActionCollectiveFactory()
    ancienne = LigneBudgetaireFactory(exercice=exercice, action_collective=action)
    assert enregistrer(action, exercice, [ligne(), ligne(libelle="Salle")], [ancienne]) == 3
    assert list(LigneBudgetaire.objects.values_list("libelle", "action_collective", "exercice")) == [
        ("Impression", action and action.pk, exercice.pk),
        ("Salle", action and action.pk, exercice.pk),
    ]


def test_two_tabs_on_one_budget():
    exercice, action = ExerciceFactory(), ActionCollectiveFactory()
    vue = empreinte([])
    enregistrer(action, exercice, [ligne()], attendue=vue)
    with pytest.raises(ErreurMetier) as erreur:
        enregistrer(action, exercice, [ligne(libelle="Autre")], attendue=vue)
    assert erreur.value.code == "conflit"
    assert LigneBudgetaire.objects.count() == 1


@pytest.mark.regle("R10")
def test_r10_budget_of_a_closed_exercice_is_read_only():
    exercice, action = ExerciceFactory(clos=True), ActionCollectiveFactory()
    with pytest.raises(ErreurMetier) as erreur:
        enregistrer(action, exercice, [ligne()])
    assert erreur.value.code == "clos"
    assert not LigneBudgetaire.objects.exists()


def test_all_or_nothing_when_one_line_is_refused():
    exercice, action = ExerciceFactory(), ActionCollectiveFactory()
    with pytest.raises(ValidationError):
        enregistrer(action, exercice, [ligne(), ligne(bailleur="Fondation")])
    assert not LigneBudgetaire.objects.exists()


@pytest.mark.regle("R8")
def test_r8_envelope_never_falls_under_what_it_granted():
    enveloppe = EnveloppeFactory(montant=Decimal(5000))
    DemandeFondsFactory(accordee=True, enveloppe=enveloppe, montant_demande=Decimal(1500))
    auteur = UtilisateurFactory()
    with pytest.raises(ErreurMetier) as erreur:
        modifier_enveloppe(enveloppe.pk, version=1, auteur=auteur, donnees={"montant": Decimal("1499.99")})
    assert list(erreur.value.message_dict) == ["montant"]
    modifier_enveloppe(enveloppe.pk, version=1, auteur=auteur, donnees={"montant": Decimal("1500.00")})
    enveloppe.refresh_from_db()
    assert (enveloppe.montant, enveloppe.version) == (Decimal(1500), 2)
    with pytest.raises(ErreurMetier):
        modifier_enveloppe(enveloppe.pk, version=1, auteur=auteur, donnees={"montant": Decimal(9000)})


def test_envelope_needs_who_manages_it():
    with pytest.raises(ValidationError) as erreur:
        creer_enveloppe(auteur=UtilisateurFactory(), donnees={"nom": "Fonds", "montant": Decimal(1), "du": JOUR})
    assert list(erreur.value.message_dict) == ["gestionnaire"]


def test_rule_added_and_one_a_day():
    RegleAllocationFactory(en_vigueur_du=JOUR)
    seuils = {"seuil_comite": Decimal(1), "seuil_assemblee": Decimal(2), "source": "Cadre"}
    with pytest.raises(ValidationError) as erreur:
        ajouter_regle(auteur=UtilisateurFactory(), donnees={"en_vigueur_du": JOUR, **seuils})
    assert list(erreur.value.message_dict) == ["en_vigueur_du"]
    with pytest.raises(ValidationError):
        ajouter_regle(
            auteur=UtilisateurFactory(),
            donnees={"en_vigueur_du": JOUR.replace(day=15), **seuils, "seuil_assemblee": Decimal(1)},
        )
    assert RegleAllocation.objects.count() == 1


def surplus(exercice, attendue=None, **autres):
    resultat = ResultatFinancier.objects.filter(exercice=exercice)
    actuelles = [*AffectationSurplus.objects.filter(exercice=exercice), *resultat]
    return enregistrer_surplus(
        **{
            "exercice": exercice,
            "empreinte": empreinte(actuelles) if attendue is None else attendue,
            "montant": Decimal("44540.00"),
            "source": "États financiers",
            "solde_ouverture": None,
            "lignes": [],
            "retirees": [],
            "auteur": UtilisateurFactory(),
            **autres,
        }
    )


@pytest.mark.regle("R9")
def test_surplus_and_its_uses_at_once():
    exercice = ExerciceFactory()
    ancienne = AffectationSurplusFactory(exercice=exercice, ordre=7)
    nouvelle = AffectationSurplus(periode="2026-2027", libelle="Exposition", montant=Decimal(10))
    resultat = surplus(exercice, lignes=[nouvelle], solde_ouverture=Decimal(5))
    assert (resultat.montant, resultat.solde_ouverture) == (Decimal(44540), Decimal(5))
    assert list(AffectationSurplus.objects.values_list("libelle", "ordre")) == [
        (ancienne.libelle, 7),
        ("Exposition", 8),
    ]
    surplus(exercice)
    assert ResultatFinancier.objects.get().history.count() == 1  # unchanged: no second trace
    assert ResultatFinancier.objects.get().solde_ouverture == Decimal(5)


@pytest.mark.regle("R10")
def test_surplus_conflict_and_closed_exercice():
    exercice = ExerciceFactory()
    surplus(exercice)
    with pytest.raises(ErreurMetier) as erreur:
        surplus(exercice, attendue=empreinte([]), montant=Decimal(1))
    assert erreur.value.code == "conflit"
    with pytest.raises(ErreurMetier) as erreur:
        surplus(ExerciceFactory(annee=2024, clos=True))
    assert erreur.value.code == "clos"


@pytest.mark.regle("R10")
@pytest.mark.parametrize("clos", [True, False])
def test_r10_result_that_a_later_closed_exercice_adds_up_does_not_move(clos):
    ancien, suivant = ExerciceFactory(annee=2024), ExerciceFactory(annee=2025, clos=clos)
    ResultatFinancierFactory(exercice=ancien, montant=Decimal(100), solde_ouverture=Decimal(900), source="Audit")
    if clos:
        assert "2025-2026" in refus(surplus, ancien, montant=Decimal(99), source="Audit").messages[0]
        surplus(ancien, montant=Decimal(100), source="Audit", lignes=[AffectationSurplusFactory.build(exercice=None)])
        assert sommes_residuelles(suivant).total == Decimal(1000)
    else:
        surplus(ancien, montant=Decimal(99), source="Audit")
        assert sommes_residuelles(suivant).total == Decimal(999)


@pytest.mark.regle("R9")
def test_r9_older_result_takes_over_the_opening_balance_or_is_refused():
    premier, ancien = ExerciceFactory(annee=2025), ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=premier, montant=Decimal(100), solde_ouverture=Decimal(900))
    erreur = refus(surplus, ancien, montant=Decimal(300), solde_ouverture=Decimal("599.99"))
    assert list(erreur.message_dict) == ["solde_ouverture"]
    surplus(ancien, montant=Decimal(300), solde_ouverture=Decimal(600))
    assert sommes_residuelles(premier).total == Decimal(1000)
    assert ResultatFinancier.objects.get(exercice=premier).solde_ouverture == 0
    surplus(ExerciceFactory(annee=2026), montant=Decimal(50))
    assert sommes_residuelles(premier).total == Decimal(1000)


# Requests and the lines they pay.


def refus(fonction, *arguments, **autres):
    with pytest.raises(ErreurMetier) as erreur:
        fonction(*arguments, **autres)
    return erreur.value


def test_request_is_tied_to_an_expense_of_its_own_action_and_exercice():
    auteur, prevue = UtilisateurFactory(), LigneBudgetaireFactory()
    action = prevue.action_collective
    demande = DemandeFondsFactory(accordee=True, action_collective=action)
    ailleurs = [
        LigneBudgetaireFactory(),
        LigneBudgetaireFactory(action_collective=action, revenu=True),
        LigneBudgetaireFactory(action_collective=action, exercice=ExerciceFactory(annee=2024)),
        LigneBudgetaireFactory(de_la_demarche=True),
        LigneBudgetaireFactory(action_collective=action, montant_reel=Decimal(1)),
    ]
    for fausse in ailleurs:
        erreur = refus(rattacher_demande, demande.pk, ligne=fausse, auteur=auteur)
        assert list(erreur.message_dict) == ["ligne_budgetaire"]
    for _ in range(2):
        assert rattacher_demande(demande.pk, ligne=prevue, auteur=auteur).ligne_budgetaire == prevue
    assert DemandeFonds.objects.get().version == demande.version + 1
    assert rattacher_demande(demande.pk, ligne=None, auteur=auteur).ligne_budgetaire is None


@pytest.mark.regle("R10")
def test_r10_request_of_a_closed_exercice_keeps_its_line():
    prevue = LigneBudgetaireFactory(exercice=ExerciceFactory(annee=2024, clos=True))
    demande = DemandeFondsFactory(accordee=True, action_collective=prevue.action_collective, exercice=prevue.exercice)
    assert refus(rattacher_demande, demande.pk, ligne=prevue, auteur=UtilisateurFactory()).code == "clos"


@pytest.mark.regle("R8")
def test_real_amount_of_a_line_that_requests_pay_is_never_typed():
    prevue = LigneBudgetaireFactory()
    action, exercice = prevue.action_collective, prevue.exercice
    demande = DemandeFondsFactory(accordee=True, action_collective=action, ligne_budgetaire=prevue)
    prevue.montant_reel = Decimal(10)
    assert "somme de leurs paiements" in refus(enregistrer, action, exercice, [prevue]).messages[0]
    prevue.montant_reel, prevue.montant_prevu = None, Decimal(200)
    assert enregistrer(action, exercice, [prevue]) == 1
    assert "reliez-les" in refus(enregistrer, action, exercice, [], [prevue]).messages[0]
    prevue.nature = NatureLigne.REVENU
    assert "reste une dépense" in refus(enregistrer, action, exercice, [prevue]).messages[0]
    rattacher_demande(demande.pk, ligne=None, auteur=UtilisateurFactory())
    assert enregistrer(action, exercice, [], [prevue]) == 1


@pytest.mark.regle("R8")
@pytest.mark.parametrize(("etat", "se_tape"), [("refusee", True), ("retiree", True), ("expiree", False)])
def test_line_is_typed_again_once_its_request_will_never_pay(etat, se_tape):
    prevue = LigneBudgetaireFactory()
    DemandeFondsFactory(**{etat: True}, action_collective=prevue.action_collective, ligne_budgetaire=prevue)
    prevue.montant_reel = Decimal(10)
    if se_tape:
        assert enregistrer(prevue.action_collective, prevue.exercice, [prevue]) == 1
    else:
        assert "Videz" in refus(enregistrer, prevue.action_collective, prevue.exercice, [prevue]).messages[0]


# Envelopes: what they may fund, and the surplus.


def enveloppe_du_surplus(montant, **autres):
    donnees = {"nom": f"Surplus {montant}", "gestionnaire": "Fiducie", "du": JOUR, "est_surplus": True}
    return creer_enveloppe(auteur=UtilisateurFactory(), donnees={**donnees, "montant": Decimal(montant), **autres})


@pytest.mark.regle("R9")
def test_r9_envelopes_of_the_surplus_never_exceed_what_is_set_aside():
    assert "résultat" in refus(enveloppe_du_surplus, "1.00").messages[0]
    ResultatFinancierFactory(montant=Decimal(1000))
    une = enveloppe_du_surplus("600.00")
    erreur = refus(enveloppe_du_surplus, "400.01")
    assert list(erreur.message_dict) == ["montant"]
    assert "1\u00a0000,01" in erreur.messages[0]
    assert "0,01" in erreur.messages[0]
    assert Enveloppe.objects.count() == 1
    enveloppe_du_surplus("400.00")
    modifier = {"version": 1, "auteur": UtilisateurFactory()}
    erreur = refus(modifier_enveloppe, une.pk, **modifier, donnees={"montant": Decimal("600.01")})
    assert list(erreur.message_dict) == ["montant"]
    modifier_enveloppe(une.pk, **modifier, donnees={"montant": Decimal(599)})


@pytest.mark.regle("R9")
def test_r9_surplus_has_no_bailleur_and_carries_the_uses_of_the_surplus_only():
    ResultatFinancierFactory(montant=Decimal(1000))
    with pytest.raises(ValidationError, match="laissez le bailleur vide"):
        enveloppe_du_surplus("1.00", bailleur="Ville")
    with pytest.raises(IntegrityError, match="enveloppe_surplus_sans_bailleur"), transaction.atomic():
        EnveloppeFactory(est_surplus=True, bailleur="Ville")
    usage = AffectationSurplus(periode="2026", libelle="Marché", enveloppe=EnveloppeFactory())
    usage.exercice = ExerciceFactory()
    with pytest.raises(ValidationError) as erreur:
        usage.full_clean()
    assert list(erreur.value.message_dict) == ["enveloppe"]
    usage.enveloppe = enveloppe_du_surplus("10.00")
    usage.full_clean()


@pytest.mark.regle("R8")
def test_envelope_reserved_to_a_chantier_funds_no_other():
    demande = DemandeFondsFactory(soumise=True)
    reservee = EnveloppeFactory(chantier=ChantierFactory())
    assert "réservée au chantier" in refus(reserver, demande, reservee, Decimal(1)).messages[0]
    sienne = EnveloppeFactory(chantier=demande.action_collective.chantier)
    assert reserver(demande, sienne, Decimal(1)) == sienne


def test_envelope_is_not_reserved_once_it_pays_another_chantier():
    demande = DemandeFondsFactory(accordee=True)
    changer = {"version": 1, "auteur": UtilisateurFactory()}
    erreur = refus(modifier_enveloppe, demande.enveloppe_id, **changer, donnees={"chantier": ChantierFactory()})
    assert list(erreur.message_dict) == ["chantier"]
    sien = demande.action_collective.chantier
    assert modifier_enveloppe(demande.enveloppe_id, **changer, donnees={"chantier": sien}).chantier == sien
    refusee = DemandeFondsFactory(refusee=True, enveloppe=EnveloppeFactory())
    ailleurs = {"chantier": ChantierFactory()}
    assert modifier_enveloppe(refusee.enveloppe_id, **changer, donnees=ailleurs).chantier == ailleurs["chantier"]


@pytest.mark.regle("R9")
def test_r9_envelope_that_carries_planned_uses_stays_of_the_surplus():
    ResultatFinancierFactory(montant=Decimal("9000.00"))
    usage = AffectationSurplusFactory(enveloppe=EnveloppeFactory(est_surplus=True, montant=Decimal("1000.00")))
    changer = {"version": 1, "auteur": UtilisateurFactory(), "donnees": {"est_surplus": False}}
    assert list(refus(modifier_enveloppe, usage.enveloppe_id, **changer).message_dict) == ["est_surplus"]
    AffectationSurplus.objects.filter(pk=usage.pk).update(enveloppe=None)
    assert not modifier_enveloppe(usage.enveloppe_id, **changer).est_surplus


@pytest.mark.regle("R10")
def test_r10_envelope_of_a_closed_exercice_keeps_what_its_ledger_says():
    clos, auteur = ExerciceFactory(annee=2024, clos=True), UtilisateurFactory()
    base = {"nom": "Ancienne", "bailleur": "Ville", "gestionnaire": "Fiducie", "montant": Decimal(9), "du": clos.debut}
    assert list(refus(creer_enveloppe, auteur=auteur, donnees={**base, "au": clos.fin}).message_dict) == ["au"]
    ouverte = creer_enveloppe(auteur=auteur, donnees={**base, "au": clos.fin + datetime.timedelta(days=1)})
    DemandeFondsFactory(accordee=True, exercice=clos, enveloppe=ouverte, montant_demande=Decimal(1))
    modifier = {"version": 1, "auteur": auteur}
    for champ, valeur in (("bailleur", "Autre"), ("gestionnaire", "Autre"), ("au", clos.fin)):
        erreur = refus(modifier_enveloppe, ouverte.pk, **modifier, donnees={champ: valeur})
        assert list(erreur.message_dict) == [champ]
    assert modifier_enveloppe(ouverte.pk, **modifier, donnees={"montant": Decimal(10)}).montant == 10
    finie = EnveloppeFactory(du=clos.debut, au=clos.fin)
    assert refus(modifier_enveloppe, finie.pk, **modifier, donnees={"montant": Decimal(10)}).error_dict


@pytest.mark.regle("R10")
def test_r10_thresholds_never_start_in_a_closed_exercice():
    clos = ExerciceFactory(annee=2024, clos=True)
    seuils = {"seuil_comite": Decimal(1), "seuil_assemblee": Decimal(2), "source": "Cadre"}
    erreur = refus(ajouter_regle, auteur=UtilisateurFactory(), donnees={**seuils, "en_vigueur_du": clos.fin})
    assert list(erreur.message_dict) == ["en_vigueur_du"]
    lendemain = clos.fin + datetime.timedelta(days=1)
    assert ajouter_regle(auteur=UtilisateurFactory(), donnees={**seuils, "en_vigueur_du": lendemain})
