"""Forms of the logbook: an activity, its photo, its numbers."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from chantiers.actions.forms.groupes import FormulaireGroupe
from chantiers.actions.models import ActionCollective, Activite
from chantiers.actions.services.activites import PhotoRecue
from demarche.socle.champs import ESPACES, FichierField
from demarche.socle.concurrence import VersionField
from demarche.socle.services.jetons import JetonField

NOMBRE_MAXIMAL = 1_000_000
QUI_A_DONNE = "Qui a donné de son temps?"
HEURES = ("heures_citoyennes", "heures_partenaires")


class NombreFormField(forms.IntegerField):
    """Count typed by a person, with any kind of space; empty is zero."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "champ-nombre"})
    default_error_messages = {"invalid": "Écrivez un nombre entier, par exemple 45."}

    def __init__(self, **kwargs: Any) -> None:
        for superflu in ("min_value", "max_value", "required"):
            kwargs.pop(superflu, None)
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> int:
        brut = ESPACES.sub("", str(value or ""))
        if not brut:
            return 0
        if not re.fullmatch(r"\d{1,9}", brut, re.ASCII) or int(brut) > NOMBRE_MAXIMAL:
            raise forms.ValidationError(
                "Ce nombre est trop grand : un million au plus."
                if re.fullmatch(r"\d+", brut, re.ASCII)
                else self.error_messages["invalid"],
                code="invalid",
            )
        return int(brut)


class HeuresFormField(forms.Field):
    """Hours typed by a person: `7,5`, `7.5`, `7 h 30`, `12 h`; empty is zero."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "champ-nombre"})

    def __init__(self, **kwargs: Any) -> None:
        for superflu in ("max_digits", "decimal_places", "required"):
            kwargs.pop(superflu, None)
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Decimal:
        if isinstance(value, Decimal):
            return value
        brut = ESPACES.sub("", str(value or "")).lower()
        if not brut:
            return Decimal(0)
        if re.fullmatch(r"\d{1,6}([.,]\d{1,2})?h?", brut, re.ASCII):
            return Decimal(brut.removesuffix("h").replace(",", "."))
        heures_minutes = re.fullmatch(r"(\d{1,6})h([0-5]\d)", brut, re.ASCII)
        if heures_minutes:
            minutes = Decimal(heures_minutes[2]) / 60
            return (Decimal(heures_minutes[1]) + minutes).quantize(Decimal("0.01"))
        raise forms.ValidationError("Écrivez un nombre d’heures, par exemple 7,5 ou 7 h 30.", code="invalid")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",") if value else "0"
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except forms.ValidationError:
            return True


class ActiviteForm(FormulaireGroupe, forms.ModelForm[Activite]):
    """One activity of the logbook."""

    GROUPES = (
        ("Quoi, et quand?", ("action_collective", "titre", "date")),
        ("Combien de personnes rejointes?", ("nb_personnes", "fiabilite")),
        (
            QUI_A_DONNE,
            ("nb_citoyens_responsables", "heures_citoyennes", "nb_benevoles", "heures_partenaires"),
        ),
        ("Note et photo", ("note", "photo_recue", "texte_alternatif", "photo_publique", "retirer_photo")),
    )
    EN_LIGNE = {QUI_A_DONNE: "champs-en-ligne--nombres"}
    photo_recue = FichierField(label="Photo", required=False, images_seulement=True)
    texte_alternatif = forms.CharField(
        label="Ce que montre la photo",
        required=False,
        max_length=250,
        help_text="Une phrase, pour les personnes qui ne voient pas l’image.",
    )
    photo_publique = forms.BooleanField(
        label="La photo peut être publiée : les personnes que l’on reconnaît ont donné leur accord", required=False
    )
    retirer_photo = forms.BooleanField(label="Retirer la photo actuelle", required=False)

    class Meta:
        model = Activite
        fields = (
            "date",
            "titre",
            "nb_personnes",
            "fiabilite",
            "nb_citoyens_responsables",
            "nb_benevoles",
            "heures_citoyennes",
            "heures_partenaires",
            "note",
        )
        field_classes = {
            "nb_personnes": NombreFormField,
            "nb_citoyens_responsables": NombreFormField,
            "nb_benevoles": NombreFormField,
            "heures_citoyennes": HeuresFormField,
            "heures_partenaires": HeuresFormField,
        }
        widgets = {
            "fiabilite": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "titre": "Activité",
            "nb_personnes": "Personnes rejointes",
            "fiabilite": "Ce nombre est",
            "nb_citoyens_responsables": "Citoyennes et citoyens à l’organisation",
            "nb_benevoles": "Bénévoles",
            "heures_citoyennes": "Heures citoyennes",
            "heures_partenaires": "Heures de partenaires",
        }
        help_texts = {
            "titre": "Par exemple « Projection et discussion ».",
            "note": "Pour la mémoire de l’équipe; le public ne la voit pas.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.photo_id:
            del self.fields["retirer_photo"]
        if self.instance.photo_id:
            self.fields["photo_recue"].label = "Remplacer la photo"

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or self.cleaned_data
        if propre.get("photo_recue") and not propre.get("texte_alternatif"):
            self.add_error("texte_alternatif", "Décrivez la photo en une phrase.")
        return propre

    @property
    def donnees(self) -> dict[str, Any]:
        """Return the fields of the activity itself."""
        return {nom: self.cleaned_data[nom] for nom in self._meta.fields or ()}

    @property
    def photo(self) -> PhotoRecue | None:
        fichier = self.cleaned_data.get("photo_recue")
        if not fichier:
            return None
        return PhotoRecue(fichier, self.cleaned_data["texte_alternatif"], self.cleaned_data["photo_publique"])


class ActiviteCreationForm(ActiviteForm):
    """A new activity; with `actions`, the action is chosen here."""

    jeton = JetonField()

    def __init__(self, *args: Any, actions: QuerySet[ActionCollective] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("date", timezone.localdate())
        for nombre in ("nb_personnes", "nb_citoyens_responsables", "nb_benevoles", *HEURES):
            self.initial[nombre] = None  # an empty box is typed in faster than a zero
        if actions is not None:
            self.fields["action_collective"] = forms.ModelChoiceField(
                label="Action", queryset=actions, empty_label="Choisissez l’action"
            )


class ActiviteModificationForm(ActiviteForm):
    version = VersionField()
