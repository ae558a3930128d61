"""Addresses of the room `demarche.rencontres`."""

from django.urls import URLPattern, path

from .views import convocations, dossiers, points, presences, proces_verbaux, rencontres

app_name = "rencontres"

urlpatterns: list[URLPattern] = [
    path("agenda/", rencontres.agenda, name="agenda"),
    path("rencontres/", rencontres.rencontre_liste, name="rencontre_liste"),
    path("rencontres/nouvelle/", rencontres.rencontre_creer, name="rencontre_creer"),
    path("rencontres/<int:pk>/", rencontres.rencontre_detail, name="rencontre_detail"),
    path("rencontres/<int:pk>/modifier/", rencontres.rencontre_modifier, name="rencontre_modifier"),
    path("rencontres/<int:pk>/dupliquer/", rencontres.rencontre_dupliquer, name="rencontre_dupliquer"),
    path("rencontres/<int:pk>/convoquer/", convocations.rencontre_convoquer, name="rencontre_convoquer"),
    path("rencontres/<int:pk>/ordre-du-jour.pdf", convocations.ordre_du_jour_pdf, name="ordre_du_jour_pdf"),
    path("rencontres/<int:pk>/annuler/", rencontres.rencontre_annuler, name="rencontre_annuler"),
    path("rencontres/<int:pk>/ouvrir/", rencontres.rencontre_ouvrir, name="rencontre_ouvrir"),
    path("rencontres/<int:pk>/lever/", rencontres.rencontre_lever, name="rencontre_lever"),
    path("rencontres/<int:pk>/sieges/", presences.rencontre_presences, name="rencontre_presences"),
    path("rencontres/<int:pk>/points/nouveau/", points.point_creer, name="point_creer"),
    path("rencontres/<int:pk>/points/a-enteriner/", points.point_enterinements, name="point_enterinements"),
    path("points/<int:pk>/modifier/", points.point_modifier, name="point_modifier"),
    path("points/<int:pk>/placer/", points.point_placer, name="point_placer"),
    path("points/<int:pk>/retirer/", points.point_retirer, name="point_retirer"),
    path("points/<int:pk>/notes/", points.point_notes, name="point_notes"),
    path("points/<int:pk>/reprendre/", points.point_reprendre, name="point_reprendre"),
    path("points/<int:pk>/laisser/", points.point_laisser, name="point_laisser"),
    path("points/<int:pk>/voter/", points.point_voter, name="point_voter"),
    path("points/<int:pk>/reporter/", points.point_reporter, name="point_reporter"),
    path(
        "rencontres/<int:pk>/proces-verbal/rediger/",
        proces_verbaux.proces_verbal_rediger,
        name="proces_verbal_rediger",
    ),
    path("points/<int:pk>/adopter/", proces_verbaux.proces_verbal_adopter, name="proces_verbal_adopter"),
    path("proces-verbaux/", proces_verbaux.proces_verbal_liste, name="proces_verbal_liste"),
    path("proces-verbaux/<int:pk>/", proces_verbaux.proces_verbal_detail, name="proces_verbal_detail"),
    path("proces-verbaux/<int:pk>/modifier/", proces_verbaux.proces_verbal_modifier, name="proces_verbal_modifier"),
    path("proces-verbaux/<int:pk>/reprendre/", proces_verbaux.proces_verbal_reprendre, name="proces_verbal_reprendre"),
    path("proces-verbaux/<int:pk>/inscrire/", proces_verbaux.proces_verbal_inscrire, name="proces_verbal_inscrire"),
    path("proces-verbaux/<int:pk>/supprimer/", proces_verbaux.proces_verbal_supprimer, name="proces_verbal_supprimer"),
    path("proces-verbaux/<int:pk>/pdf/", proces_verbaux.proces_verbal_pdf, name="proces_verbal_pdf"),
    path("sieges/<int:pk>/dossier/", dossiers.dossier_siege, name="dossier_siege"),
    path("sieges/<int:pk>/dossier/pdf/", dossiers.dossier_siege_pdf, name="dossier_siege_pdf"),
]
