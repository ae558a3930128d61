"""Forms of the settings: the démarche, its exercices, its places."""

import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from demarche.gouvernance.enums import GenreTerritoire
from demarche.gouvernance.models import CadreReference, Demarche, Exercice, Reglage, Territoire
from demarche.gouvernance.protocoles import Defaut
from demarche.gouvernance.services.exercices import LONGUEUR_MOTIF
from demarche.socle.champs import DateFormField
from demarche.socle.concurrence import VersionField
from demarche.socle.services.jetons import JetonField


def zone(lignes: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": lignes})


def nommer_choix_vide(champ: forms.Field, valeurs: type[models.TextChoices]) -> None:
    """Replace the dashes of an empty choice by a word."""
    assert isinstance(champ, forms.ChoiceField)  # noqa: S101 - for the type checker
    champ.choices = [("", "Choisir"), *valeurs.choices]


# The fields of the démarche by heading, as the page shows them.
GROUPES = (
    ("Identité", ("nom", "sigle", "nom_territoire", "annee_fondation", "couleur")),
    ("Raison d’être", ("presentation", "mission", "objectifs_generaux", "vision", "horizon_vision")),
    (
        "Responsabilités",
        ("fiduciaire", "courriel_contact", "responsable_renseignements", "courriel_renseignements"),
    ),
    ("Reconnaissance", ("partenaires_financiers", "remerciements")),
)


class DemarcheForm(forms.ModelForm[Demarche]):
    version = VersionField(initial=0)

    class Meta:
        model = Demarche
        fields = [nom for _, noms in GROUPES for nom in noms]
        labels = {"courriel_renseignements": "Courriel de cette personne"}
        help_texts = {
            "mission": "Telle que votre assemblée l’a adoptée. Les partenaires y adhèrent.",
            "horizon_vision": "L’année visée, par exemple 2030.",
            "responsable_renseignements": "La Loi 25 demande de la nommer publiquement.",
            "couleur": "Elle teinte les titres et les boutons; le contraste reste assuré.",
        }
        widgets = {
            "presentation": zone(5),
            "mission": zone(4),
            "objectifs_generaux": zone(6),
            "vision": zone(6),
            "partenaires_financiers": zone(4),
            "remerciements": zone(4),
            "couleur": forms.TextInput(attrs={"type": "color"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0

    @property
    def groupes(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by heading, as the page shows them."""
        return [(titre, [self[nom] for nom in noms]) for titre, noms in GROUPES]


def lendemain_d_un_an(debut: datetime.date) -> datetime.date:
    """Return the last day of the year that starts that day."""
    try:
        return debut.replace(year=debut.year + 1) - datetime.timedelta(days=1)
    except ValueError:  # 29 February
        return debut.replace(year=debut.year + 1, day=28)


def debut_propose() -> datetime.date:
    """Return the day after the last exercice, else the 1 July that began the current year."""
    dernier = Exercice.objects.first()
    if dernier:
        fin: datetime.date = dernier.fin
        return fin + datetime.timedelta(days=1)
    jour = timezone.localdate()
    return datetime.date(jour.year if jour.month >= 7 else jour.year - 1, 7, 1)


class ExerciceForm(forms.Form):
    jeton = JetonField()
    debut = DateFormField(label="Premier jour", initial=debut_propose)
    fin = DateFormField(label="Dernier jour", initial=lambda: lendemain_d_un_an(debut_propose()))


class ReouvertureForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi le rouvrir",
        max_length=LONGUEUR_MOTIF,
        help_text="Se lit au registre, à côté de la réouverture : n’y nommez personne.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Écrivez pourquoi l’exercice est rouvert."},
    )


class TerritoireForm(forms.ModelForm[Territoire]):
    class Meta:
        model = Territoire
        fields = ("nom", "genre", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nommer_choix_vide(self.fields["genre"], GenreTerritoire)
        choix = self.fields["parent"]
        assert isinstance(choix, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        choix.empty_label = "Aucun"
        if self.instance.pk:
            choix.queryset = Territoire.objects.exclude(pk=self.instance.pk)
        else:
            self.fields["jeton"] = JetonField()


class ReglageForm(forms.Form):
    """Confirm or change one number of ours."""

    valeur = forms.IntegerField()  # its label and its bounds: those of the default
    source = forms.CharField(
        label="D’où vient cette valeur",
        max_length=200,
        help_text="La page du cadre de référence, ou la résolution, qui la fixe.",
        widget=forms.TextInput(attrs={"list": "sources-valeur"}),
        error_messages={"required": "Écrivez d’où vient cette valeur : sans source, elle reste à confirmer."},
    )
    version = VersionField(initial=0)

    def __init__(self, data: Any = None, *, defaut: Defaut, reglage: Reglage | None) -> None:
        initial: dict[str, Any] = {"valeur": defaut.valeur}
        if reglage is not None:
            initial = {"valeur": reglage.valeur, "source": reglage.source, "version": reglage.version}
        super().__init__(data, initial=initial)
        bornes = f"De {defaut.minimum} à {defaut.maximum}. Par défaut : {defaut.valeur}."
        self.fields["valeur"] = forms.IntegerField(
            label=f"En {defaut.unite}",
            help_text=bornes,
            min_value=defaut.minimum,
            max_value=defaut.maximum,
            error_messages={"required": "Écrivez un nombre entier.", "invalid": "Écrivez un nombre entier."},
        )

    @property
    def sources(self) -> list[str]:
        """What the field of the source proposes: the versions of the cadre de référence."""
        return [str(cadre) for cadre in CadreReference.objects.all()]
