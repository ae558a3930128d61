from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from chantiers.enums import NatureLigne
from chantiers.models import AffectationSurplus, LigneBudgetaire, RegleAllocation, ResultatFinancier
from chantiers.services.budget import ajouter_regle, enregistrer_budget
from chantiers.services.enveloppes import creer_enveloppe, modifier_enveloppe
from chantiers.services.surplus import enregistrer_surplus
from demarche.concurrence import empreinte
from demarche.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    AffectationSurplusFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    RegleAllocationFactory,
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


def test_surplus_conflict_and_closed_exercice():
    exercice = ExerciceFactory()
    surplus(exercice)
    with pytest.raises(ErreurMetier) as erreur:
        surplus(exercice, attendue=empreinte([]), montant=Decimal(1))
    assert erreur.value.code == "conflit"
    with pytest.raises(ErreurMetier) as erreur:
        surplus(ExerciceFactory(annee=2024, clos=True))
    assert erreur.value.code == "clos"
