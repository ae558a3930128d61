"""Addresses of the room `demarche.scrutins`."""

from django.urls import URLPattern, path

from .views import questions, resolutions, scrutins

app_name = "scrutins"

urlpatterns: list[URLPattern] = [
    path("resolutions/", resolutions.resolution_liste, name="resolution_liste"),
    path("resolutions/<int:pk>/", resolutions.resolution_detail, name="resolution_detail"),
    path("resolutions/<int:pk>/pdf/", resolutions.resolution_pdf, name="resolution_pdf"),
    path("resolutions/<int:pk>/corriger/", resolutions.resolution_corriger, name="resolution_corriger"),
    path("scrutins/", scrutins.scrutin_liste, name="scrutin_liste"),
    path("scrutins/nouveau/", questions.scrutin_creer, name="scrutin_creer"),
    path("scrutins/<int:pk>/", scrutins.scrutin_detail, name="scrutin_detail"),
    path("scrutins/<int:pk>/voter/", scrutins.scrutin_voter, name="scrutin_voter"),
    path("scrutins/<int:pk>/telephone/", questions.scrutin_telephone, name="scrutin_telephone"),
    path("scrutins/<int:pk>/annuler/", questions.scrutin_annuler, name="scrutin_annuler"),
]
