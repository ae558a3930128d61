"""Forms of the team about an adhesion, and the day of the list of partners."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from demarche.socle.champs import DateFormField
from partenaires.enums import TEXTES_CONSENTEMENT, EtatAdhesion
from partenaires.forms.adhesions import champ_texte
from partenaires.models import Adhesion, Organisation, Personne
from partenaires.queries.adhesions import personnes_proches
from partenaires.queries.organisations import organisations_proches
from partenaires.rapprochement import cle_nom

NOUVELLE = "nouvelle"


class AccepterForm(forms.Form):
    """From which day, and whom this adhesion is about: an organisation or a person already known, or new ones."""

    du = DateFormField(label="Partenaire à compter du")
    organisation = forms.ChoiceField(
        label="Organisation",
        help_text="Si elle est déjà connue sous un nom voisin, choisissez-la: on évite ainsi les doublons.",
    )
    personne = forms.ChoiceField(label="Personne", help_text="Quelqu’un de connu porte ce nom ou ce courriel.")
    inviter = forms.BooleanField(
        label="Inviter cette personne à se connecter",
        required=False,
        help_text="Elle recevra un courriel qui lui explique comment.",
    )

    def __init__(self, *args: Any, adhesion: Adhesion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["du"].initial = timezone.localdate
        if adhesion.est_citoyenne:
            del self.fields["organisation"]
        else:
            self._proposer_organisations(adhesion)
        self._proposer_personnes(adhesion)
        if not adhesion.courriel:
            del self.fields["inviter"]

    def _proposer_organisations(self, adhesion: Adhesion) -> None:
        """Put the organisations that look alike first, and choose the one that has exactly this name."""
        champ = self.fields["organisation"]
        proches = organisations_proches(adhesion.nom_organisation)
        autres = [o for o in Organisation.objects.all() if o not in proches]
        groupes = (("Noms voisins", proches), ("Autres organisations", autres))
        champ.choices = [  # type: ignore[attr-defined]
            (NOUVELLE, f"Nouvelle organisation : {adhesion.nom_organisation}"),
            *((titre, [(str(o.pk), str(o)) for o in lot]) for titre, lot in groupes if lot),
        ]
        exactes = [o for o in proches if cle_nom(o.nom) == cle_nom(adhesion.nom_organisation)]
        champ.initial = str(exactes[0].pk) if exactes else NOUVELLE

    def _proposer_personnes(self, adhesion: Adhesion) -> None:
        """Offer the people who have this name or this e-mail; nobody known, nothing to choose."""
        connues = personnes_proches(adhesion)
        if not connues:
            del self.fields["personne"]
            return
        champ = self.fields["personne"]
        champ.choices = [  # type: ignore[attr-defined]
            *((str(p.pk), f"{p} ({p.courriel})" if p.courriel else f"{p} (sans courriel)") for p in connues),
            (NOUVELLE, f"Nouvelle personne : {adhesion.nom_personne}"),
        ]
        champ.initial = champ.choices[0][0]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation | None:
        choix = self.cleaned_data["organisation"]
        return None if choix == NOUVELLE else Organisation.objects.filter(pk=choix).first()

    def clean_personne(self) -> Personne | None:
        choix = self.cleaned_data["personne"]
        return None if choix == NOUVELLE else Personne.objects.filter(pk=choix).first()


class RefuserForm(forms.Form):
    motif = forms.CharField(
        label="Motif du refus",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La personne le lira tel quel dans le courriel.",
        error_messages={"required": "Écrivez le motif du refus : la personne le recevra."},
    )


class TerminerForm(forms.Form):
    au = DateFormField(label="Dernier jour")
    motif = forms.CharField(label="Motif", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].initial = timezone.localdate


class ConsentementsForm(forms.Form):
    """What the person now accepts, and how it was learned."""

    accords = forms.MultipleChoiceField(
        label="La personne accepte", required=False, widget=forms.CheckboxSelectMultiple
    )
    raison = champ_texte(
        "Comment l’avez-vous appris?",
        longueur=200,
        complete="off",
        requis="Dites comment la personne l’a fait savoir.",
        aide="Par exemple : feuille signée à l’assemblée, courriel du 3 mai.",
    )

    def __init__(self, *args: Any, finalites: list[str], accordees: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["accords"]
        champ.choices = [(f, TEXTES_CONSENTEMENT[f]) for f in finalites]  # type: ignore[attr-defined]
        champ.initial = accordees


class FiltreAdhesionsForm(forms.Form):
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous les états"), *EtatAdhesion.choices])


class EnDateForm(forms.Form):
    """The day of the list of partners; without one, today."""

    date = DateFormField(label="En date du", required=False, initial=timezone.localdate)

    def jour(self) -> datetime.date:
        """Return the day asked for; today when none was, or when it could not be read."""
        return (self.cleaned_data.get("date") if self.is_valid() else None) or timezone.localdate()
