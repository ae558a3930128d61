"""The page that shows every component with an example: for those who build or check a page."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from demarche.comptes.permissions import est_equipe, exiger, peut_gerer_reglages
from demarche.comptes.protocoles import Attente
from demarche.socle.champs import DateFormField, MontantFormField
from demarche.socle.models import Document

SCHEMA = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 120" width="420" height="120" role="img" '
    'aria-label="Trois instances reliées"><title>Trois instances reliées</title>'
    '<g fill="#fffdf9" stroke="#1f4e5f" stroke-width="1.5"><rect x="4" y="38" width="112" height="44" rx="4"/>'
    '<rect x="154" y="38" width="112" height="44" rx="4"/><rect x="304" y="38" width="112" height="44" rx="4"/>'
    '<path d="M116 60h38M266 60h38"/></g><g fill="#1f2426" text-anchor="middle" font-size="14">'
    '<text x="60" y="65">Assemblée</text><text x="210" y="65">Comité</text><text x="360" y="65">Équipe</text>'
    "</g></svg>"
)


class ExempleForm(forms.Form):
    """One field of each kind, for the eye."""

    nom = forms.CharField(label="Nom de l’action", help_text="Un nom court, compris de tout le monde.")
    montant = MontantFormField(label="Montant demandé")
    date = DateFormField(label="Date souhaitée", required=False)
    chantier = forms.ChoiceField(
        label="Chantier", choices=[("", "Choisir…"), ("1", "Sécurité alimentaire"), ("2", "Inclusion")]
    )
    origine = forms.ChoiceField(
        label="D’où vient l’action?",
        choices=[("chantier", "Un chantier"), ("concertation", "Une concertation locale"), ("comite", "Le comité")],
        widget=forms.RadioSelect,
    )
    public = forms.MultipleChoiceField(
        label="Public visé",
        required=False,
        choices=[("aines", "Personnes aînées"), ("familles", "Familles"), ("jeunes", "Jeunes")],
        widget=forms.CheckboxSelectMultiple,
    )
    description = forms.CharField(label="Description", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    piece = forms.FileField(label="Pièce jointe", required=False, help_text="PDF ou photo, 10 Mo au plus.")
    accord = forms.BooleanField(label="La personne accepte que son nom soit publié.")


def exemples() -> dict[str, object]:
    """Return one plausible value for each component."""
    jour = timezone.localdate()
    maintenant = timezone.now()
    refuse = ExempleForm({"nom": "Cuisine collective", "montant": "douze", "date": "02/01/2026"})
    refuse.is_valid()
    refuse.add_error(None, "Cette action a déjà une demande en attente pour l’exercice.")
    return {
        "form": ExempleForm(auto_id="essai_%s"),
        "form_refuse": refuse,
        "page": Paginator(range(230), 50).page(2),
        "document": Document(
            pk=1,
            titre="Soumission du traiteur",
            nom_origine="soumission.pdf",
            type_contenu="application/pdf",
            taille=184320,
        ),
        "attentes": [
            Attente(
                "À voter",
                "Épicerie solidaire : 18 500,00 $",
                "#",
                jour + datetime.timedelta(days=1),
                "Comité de pilotage",
            ),
            Attente("À compléter", "Présences de l’assemblée des partenaires", "#", jour + datetime.timedelta(days=9)),
            Attente("À traiter", "Adhésion du Club de lecture du quartier", "#"),
        ],
        "etapes": [
            {"libelle": "Déposée", "etat": "fait", "date": jour - datetime.timedelta(days=12)},
            {"libelle": "Recevable", "etat": "fait", "date": jour - datetime.timedelta(days=8)},
            {"libelle": "Au vote du comité", "etat": "courant", "date": None},
            {"libelle": "Décision", "etat": "a_faire", "date": jour + datetime.timedelta(days=4)},
        ],
        "fil": [("Accueil", "#"), ("Réglages", "#"), ("Composants", "")],
        "onglets": [
            SimpleNamespace(libelle="Activités", url="#", actif=True),
            SimpleNamespace(libelle="Budget", url="#", actif=False),
            SimpleNamespace(libelle="Demandes", url="#", actif=False),
        ],
        "historique": [
            SimpleNamespace(
                history_date=maintenant,
                history_type="~",
                history_user="Camille Roy",
                history_change_reason="Montant corrigé d’après la facture",
            ),
            SimpleNamespace(history_date=maintenant, history_type="+", history_user=None, history_change_reason=""),
        ],
        "svg": mark_safe(SCHEMA),  # noqa: S308 - a constant of this file
        "montant": Decimal("18500"),
    }


@require_safe
def composants(request: HttpRequest) -> HttpResponse:
    """Show every component with an example."""
    exiger(est_equipe(request.user) or peut_gerer_reglages(request.user))
    return render(request, "gouvernance/composants.html", exemples())
