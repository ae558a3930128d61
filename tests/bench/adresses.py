"""Our addresses, and those of an admin that shows the same rows as our lists."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.urls import path

from demarche.socle.views.pagination import PAR_PAGE
from demarche.urls import urlpatterns as de_la_maison

# Our list pages, the model of their rows, and the columns that the admin shows of them: those of the page.
COMPARAISONS = {
    "actions:action_liste": ("actions.ActionCollective", ("titre", "chantier", "type_action", "porteur", "etat")),
    "partenaires:organisation_liste": ("partenaires.Organisation", ("nom", "categorie", "sigle")),
    "rencontres:rencontre_liste": ("gouvernance.Rencontre", ("titre", "date", "instance_gouvernance", "lieu")),
    "scrutins:resolution_liste": ("gouvernance.Resolution", ("code", "titre", "adoptee_le", "instance_gouvernance")),
    "demandes:demande_liste": (
        "demandes.DemandeFonds",
        ("titre", "action_collective", "organisation", "montant_demande", "etat"),
    ),
}


class Site(admin.AdminSite):
    def has_permission(self, request: Any) -> bool:
        return True


class Liste(admin.ModelAdmin):
    list_per_page = PAR_PAGE
    list_select_related = True

    def has_module_permission(self, request: Any) -> bool:
        return True

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    has_change_permission = has_add_permission = has_delete_permission = has_view_permission


site = Site(name="admin")
for modele, colonnes in COMPARAISONS.values():
    site.register(apps.get_model(modele), type("Liste", (Liste,), {"list_display": colonnes}))
urlpatterns = [*de_la_maison, path("admin/", site.urls)]
