"""Addresses of the room `chantiers.demandes`."""

from django.urls import URLPattern, path

from .views import decisions, deliberations, demandes, precisions, redaction, regles_allocation

app_name = "demandes"

urlpatterns: list[URLPattern] = [
    path("reglages/allocation/", regles_allocation.regle_liste, name="regle_liste"),
    path("reglages/allocation/nouvelle/", regles_allocation.regle_creer, name="regle_creer"),
    path("reglages/motifs/", decisions.motif_liste, name="motif_liste"),
    path("reglages/motifs/nouveau/", decisions.motif_creer, name="motif_creer"),
    path("reglages/motifs/proposer/", decisions.motif_proposer, name="motif_proposer"),
    path("reglages/motifs/<int:pk>/modifier/", decisions.motif_modifier, name="motif_modifier"),
    path("reglages/motifs/<int:pk>/monter/", decisions.motif_monter, name="motif_monter"),
    path("demandes/", demandes.demande_liste, name="demande_liste"),
    path("demandes/nouvelle/", redaction.demande_creer, name="demande_creer"),
    path("demandes/<int:pk>/", demandes.demande_detail, name="demande_detail"),
    path("demandes/<int:pk>/modifier/", redaction.demande_modifier, name="demande_modifier"),
    path("demandes/<int:pk>/soumettre/", demandes.demande_soumettre, name="demande_soumettre"),
    path("demandes/<int:pk>/retirer/", demandes.demande_retirer, name="demande_retirer"),
    path("demandes/<int:pk>/pieces/joindre/", redaction.demande_joindre, name="demande_joindre"),
    path("demandes/<int:pk>/pieces/<int:piece_pk>/enlever/", redaction.demande_enlever, name="demande_enlever"),
    path("demandes/<int:pk>/preciser/", precisions.demande_interroger, name="demande_interroger"),
    path("demandes/<int:pk>/repondre/", precisions.demande_repondre, name="demande_repondre"),
    path("demandes/<int:pk>/lettre.pdf", decisions.demande_lettre, name="demande_lettre"),
    path("demandes/<int:pk>/ouvrir/", deliberations.demande_ouvrir, name="demande_ouvrir"),
    path("demandes/<int:pk>/decider/", decisions.demande_decider, name="demande_decider"),
    path("demandes/<int:pk>/ordre-du-jour/", deliberations.demande_ordre_du_jour, name="demande_ordre_du_jour"),
    path("points/<int:pk>/decision/", deliberations.point_decision, name="point_decision"),
    path("demandes/<int:pk>/fiche/", deliberations.demande_fiche, name="demande_fiche"),
]
