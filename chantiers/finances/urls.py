"""Addresses of the room `chantiers.finances`."""

from django.urls import URLPattern, path

from .views import budget, decaissements, enveloppes, surplus

app_name = "finances"

urlpatterns: list[URLPattern] = [
    path("actions/<int:pk>/budget/", budget.action_budget, name="action_budget"),
    path("budget/", budget.budget, name="budget"),
    path("budget/lignes/", budget.budget_lignes, name="budget_lignes"),
    path("budget/exporter.<str:extension>", budget.budget_exporter, name="budget_exporter"),
    path("budget/demarche/", budget.budget_demarche, name="budget_demarche"),
    path("budget/sommes-residuelles/", surplus.surplus, name="surplus"),
    path("budget/sommes-residuelles/modifier/", surplus.surplus_modifier, name="surplus_modifier"),
    path("enveloppes/", enveloppes.enveloppe_liste, name="enveloppe_liste"),
    path("enveloppes/nouvelle/", enveloppes.enveloppe_creer, name="enveloppe_creer"),
    path("enveloppes/<int:pk>/", enveloppes.enveloppe_detail, name="enveloppe_detail"),
    path("enveloppes/<int:pk>/modifier/", enveloppes.enveloppe_modifier, name="enveloppe_modifier"),
    path("decaissements/", decaissements.decaissement_liste, name="decaissement_liste"),
    path("decaissements/livre/", decaissements.decaissement_livre, name="decaissement_livre"),
    path("decaissements/livre.<str:extension>", decaissements.decaissement_exporter, name="decaissement_exporter"),
    path("decaissements/<int:pk>/annuler/", decaissements.decaissement_annuler, name="decaissement_annuler"),
    path("demandes/<int:pk>/paiements/", decaissements.demande_paiements, name="demande_paiements"),
    path("demandes/<int:pk>/payer/", decaissements.demande_payer, name="demande_payer"),
    path("demandes/<int:pk>/liberer/", decaissements.demande_liberer, name="demande_liberer"),
    path("demandes/<int:pk>/relier/", decaissements.demande_relier, name="demande_relier"),
]
