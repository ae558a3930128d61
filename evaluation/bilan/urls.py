"""Addresses of the room `evaluation.bilan`."""

from django.urls import URLPattern, path

from .views import bilans, narratifs

app_name = "bilan"

urlpatterns: list[URLPattern] = [
    path("bilan/textes/", narratifs.narratif_liste, name="narratif_liste"),
    path("bilan/textes/<slug:section>/", narratifs.narratif_modifier, name="narratif_modifier"),
    path("bilan/verifications/", bilans.verifications, name="verifications"),
    path("bilan/", bilans.bilan, name="bilan"),
    path("bilan/brouillon.pdf", bilans.bilan_brouillon, name="bilan_brouillon"),
    path("bilan/publier/", bilans.bilan_publier, name="bilan_publier"),
    path("bilans/", bilans.bilans_publics, name="bilans_publics"),
    path("bilans/<int:pk>.pdf", bilans.bilan_pdf_publie, name="bilan_pdf_publie"),
]
