"""Addresses of the room `partenaires`."""

from django.urls import path

from partenaires.views import adhesion_publique, adhesions, organisations, partenaires, participation, representations

app_name = "partenaires"

urlpatterns = [
    # Public
    path("partenaires/", partenaires.partenaire_liste, name="partenaire_liste"),
    path("partenaires/export.<slug:extension>", partenaires.partenaire_exporter, name="partenaire_exporter"),
    path("adhesion/", adhesion_publique.adhesion_demander, name="adhesion_demander"),
    path("adhesion/merci/", adhesion_publique.adhesion_merci, name="adhesion_merci"),
    path("adhesion/papier/", adhesion_publique.adhesion_papier, name="adhesion_papier"),
    path("adhesion/confirmer/<uuid:jeton>/", adhesion_publique.adhesion_confirmer, name="adhesion_confirmer"),
    path("organisations/<int:pk>/", organisations.organisation_detail, name="organisation_detail"),
    # Partners
    path("mon-organisation/", organisations.mon_organisation, name="mon_organisation"),
    # Adhesions
    path("adhesions/", adhesions.adhesion_liste, name="adhesion_liste"),
    path("adhesions/nouvelle/", adhesions.adhesion_creer, name="adhesion_creer"),
    path("adhesions/<int:pk>/", adhesions.adhesion_detail, name="adhesion_detail"),
    path("adhesions/<int:pk>/accepter/", adhesions.adhesion_accepter, name="adhesion_accepter"),
    path("adhesions/<int:pk>/refuser/", adhesions.adhesion_refuser, name="adhesion_refuser"),
    path("adhesions/<int:pk>/terminer/", adhesions.adhesion_terminer, name="adhesion_terminer"),
    path("adhesions/<int:pk>/consentements/", adhesions.adhesion_consentements, name="adhesion_consentements"),
    # Organisations and people
    path("organisations/", organisations.organisation_liste, name="organisation_liste"),
    path("organisations/nouvelle/", organisations.organisation_creer, name="organisation_creer"),
    path("organisations/<int:pk>/modifier/", organisations.organisation_modifier, name="organisation_modifier"),
    path("organisations/<int:pk>/contacts/nouveau/", organisations.affiliation_creer, name="affiliation_creer"),
    path("contacts/<int:pk>/terminer/", organisations.affiliation_terminer, name="affiliation_terminer"),
    path("personnes/nouvelle/", organisations.personne_creer, name="personne_creer"),
    path("personnes/<int:pk>/inviter/", organisations.personne_inviter, name="personne_inviter"),
    # Seats, meetings, collaborations
    path("instances/<int:pk>/representations/", representations.representation_liste, name="representation_liste"),
    path("sieges/<int:pk>/designer/", representations.representation_designer, name="representation_designer"),
    path(
        "representations/<int:pk>/terminer/", representations.representation_terminer, name="representation_terminer"
    ),
    path("rencontres/<int:pk>/presences/", participation.presence_modifier, name="presence_modifier"),
    path("rencontres/<int:pk>/adhesions-tacites/", participation.adhesion_tacites, name="adhesion_tacites"),
    path("collaborations/", participation.collaboration_liste, name="collaboration_liste"),
    path("collaborations/nouvelle/", participation.collaboration_creer, name="collaboration_creer"),
    path("collaborations/<int:pk>/modifier/", participation.collaboration_modifier, name="collaboration_modifier"),
    path("collaborations/<int:pk>/supprimer/", participation.collaboration_supprimer, name="collaboration_supprimer"),
]
