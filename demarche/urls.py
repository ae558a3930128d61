"""Root table of contents: the only place, with the settings, where all the rooms are named together."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler500 = "demarche.socle.views.erreurs.erreur_du_serveur"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("demarche.gouvernance.urls_communes")),
    path("", include("demarche.comptes.urls")),
    path("", include("demarche.gouvernance.urls")),
    path("", include("demarche.scrutins.urls")),
    path("", include("demarche.rencontres.urls")),
    path("", include("partenaires.urls")),
    path("", include("chantiers.actions.urls")),
    path("", include("chantiers.demandes.urls")),
    path("", include("chantiers.finances.urls")),
    path("", include("evaluation.plan.urls")),
    path("", include("evaluation.bilan.urls")),
    path("compte/", include("allauth.account.urls")),
    path("compte/securite/", include("demarche.comptes.urls_cles")),  # two names of allauth, taken before it
    path("compte/securite/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
]
if settings.DEMO:  # one-click sign-in and mailbox: these routes do not exist in production
    urlpatterns.append(path("", include("evaluation.demo.urls")))
