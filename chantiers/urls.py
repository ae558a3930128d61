"""Addresses of the app `chantiers`."""

from django.urls import URLPattern, path

from .views import (
    actions,
    activites,
    budget,
    chantiers,
    decaissements,
    demandes,
    enveloppes,
    fiches,
    lettres,
    motifs,
    ouvertures,
    precisions,
    redaction,
    regles,
    rencontres,
    surplus,
)

app_name = "chantiers"

urlpatterns: list[URLPattern] = [
    path("chantiers/", chantiers.liste, name="chantier_liste"),
    path("chantiers/nouveau/", chantiers.nouveau, name="chantier_nouveau"),
    path("chantiers/<int:pk>/", chantiers.detail, name="chantier_detail"),
    path("chantiers/<int:pk>/modifier/", chantiers.modifier, name="chantier_modifier"),
    path("chantiers/<int:pk>/objectifs/", chantiers.objectifs, name="chantier_objectifs"),
    path("actions/", actions.liste, name="action_liste"),
    path("actions/nouvelle/", actions.nouvelle, name="action_nouvelle"),
    path("actions/<int:pk>/", actions.detail, name="action_detail"),
    path("actions/<int:pk>/modifier/", actions.modifier, name="action_modifier"),
    path("actions/<int:pk>/budget/", budget.de_l_action, name="action_budget"),
    path("actions/<int:pk>/activites/noter/", activites.noter, name="activite_nouvelle"),
    path("activites/", activites.liste, name="activite_liste"),
    path("activites/noter/", activites.noter, name="activite_noter"),
    path("activites/exporter.<str:extension>", activites.exporter, name="activite_exporter"),
    path("activites/<int:pk>/modifier/", activites.modifier, name="activite_modifier"),
    path("activites/<int:pk>/supprimer/", activites.supprimer, name="activite_supprimer"),
]

# The money of an exercice.
urlpatterns += [
    path("budget/", budget.budget, name="budget"),
    path("budget/lignes/", budget.lignes, name="budget_lignes"),
    path("budget/exporter.<str:extension>", budget.exporter, name="budget_exporter"),
    path("budget/demarche/", budget.de_la_demarche, name="budget_demarche"),
    path("budget/sommes-residuelles/", surplus.sommes, name="surplus"),
    path("budget/sommes-residuelles/modifier/", surplus.modifier, name="surplus_modifier"),
    path("enveloppes/", enveloppes.liste, name="enveloppe_liste"),
    path("enveloppes/nouvelle/", enveloppes.nouvelle, name="enveloppe_nouvelle"),
    path("enveloppes/<int:pk>/", enveloppes.detail, name="enveloppe_detail"),
    path("enveloppes/<int:pk>/modifier/", enveloppes.modifier, name="enveloppe_modifier"),
    path("decaissements/", decaissements.liste, name="decaissement_liste"),
    path("decaissements/livre/", decaissements.livre, name="decaissement_livre"),
    path("decaissements/livre.<str:extension>", decaissements.exporter, name="decaissement_exporter"),
    path("decaissements/<int:pk>/annuler/", decaissements.annuler, name="decaissement_annuler"),
    path("demandes/<int:pk>/paiements/", decaissements.de_la_demande, name="demande_paiements"),
    path("demandes/<int:pk>/payer/", decaissements.payer, name="demande_payer"),
    path("demandes/<int:pk>/liberer/", decaissements.liberer, name="demande_liberer"),
    path("demandes/<int:pk>/relier/", decaissements.relier, name="demande_relier"),
    path("reglages/allocation/", regles.liste, name="regle_liste"),
    path("reglages/allocation/nouvelle/", regles.nouvelle, name="regle_nouvelle"),
]

# The library of reasons.
urlpatterns += [
    path("reglages/motifs/", motifs.liste, name="motif_liste"),
    path("reglages/motifs/nouveau/", motifs.nouveau, name="motif_nouveau"),
    path("reglages/motifs/proposer/", motifs.proposer, name="motif_proposer"),
    path("reglages/motifs/<int:pk>/modifier/", motifs.modifier, name="motif_modifier"),
    path("reglages/motifs/<int:pk>/monter/", motifs.monter, name="motif_monter"),
]

# Requests and decisions.
urlpatterns += [
    path("demandes/", demandes.liste, name="demande_liste"),
    path("demandes/nouvelle/", redaction.nouvelle, name="demande_nouvelle"),
    path("demandes/<int:pk>/", demandes.detail, name="demande_detail"),
    path("demandes/<int:pk>/modifier/", redaction.modifier, name="demande_modifier"),
    path("demandes/<int:pk>/soumettre/", demandes.soumettre, name="demande_soumettre"),
    path("demandes/<int:pk>/retirer/", demandes.retirer, name="demande_retirer"),
    path("demandes/<int:pk>/pieces/joindre/", redaction.ajouter_piece, name="demande_joindre"),
    path("demandes/<int:pk>/pieces/<int:piece_pk>/enlever/", redaction.enlever_piece, name="demande_enlever"),
    path("demandes/<int:pk>/preciser/", precisions.interroger, name="demande_interroger"),
    path("demandes/<int:pk>/repondre/", precisions.repondre, name="demande_repondre"),
    path("demandes/<int:pk>/lettre.pdf", lettres.lettre, name="demande_lettre"),
    path("demandes/<int:pk>/ouvrir/", ouvertures.ouvrir, name="demande_ouvrir"),
    path("demandes/<int:pk>/decider/", ouvertures.decider, name="demande_decider"),
    path("demandes/<int:pk>/ordre-du-jour/", rencontres.mettre_au_point, name="demande_ordre_du_jour"),
    path("points/<int:pk>/decision/", rencontres.decider_en_rencontre, name="point_decision"),
    path("demandes/<int:pk>/fiche/", fiches.fiche, name="demande_fiche"),
]
