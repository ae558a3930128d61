"""Forms of presences, tacit adhesions and collaborations."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from demarche.concurrence import VersionField
from demarche.services.jetons import JetonField
from partenaires.models import CollaborationStructurante, Organisation, Personne

CHAMPS_COLLABORATION = ["titre", "genre", "debut", "fin", "organisateur", "description"]


class PresenceForm(forms.Form):
    """One line of the presences: an organisation, a citizen, or other people, and how many."""

    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), required=False, empty_label="—"
    )
    personne = forms.ModelChoiceField(
        label="Citoyenne ou citoyen", queryset=Personne.objects.none(), required=False, empty_label="—"
    )
    precision = forms.CharField(
        label="Autres (équipe, invités…)",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    nb_personnes = forms.IntegerField(
        label="Nombre",
        min_value=1,
        max_value=5000,
        initial=1,
        error_messages={
            "required": "Écrivez un nombre.",
            "invalid": "Écrivez un nombre entier.",
            "min_value": "Au moins une personne.",
            "max_value": "Ce nombre paraît trop grand.",
        },
    )

    def __init__(
        self, *args: Any, organisations: list[tuple[Any, str]], personnes: list[tuple[Any, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # The rows share two lists read once; the querysets only answer for the value chosen.
        for nom, choix, modele in (
            ("organisation", organisations, Organisation),
            ("personne", personnes, Personne),
        ):
            champ = self.fields[nom]
            champ.queryset = modele._default_manager.all()  # type: ignore[attr-defined]
            champ.choices = [("", "—"), *choix]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if self.errors:
            return donnees
        if not (donnees.get("organisation") or donnees.get("personne") or donnees.get("precision")):
            raise ValidationError("Dites qui était là : une organisation, une personne ou une précision.")
        if donnees.get("personne") and donnees.get("nb_personnes") != 1:
            self.add_error("nb_personnes", "Une personne nommée compte pour une.")
        return donnees


class _PresencesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["form_kwargs"] = {
            "organisations": [(o.pk, o.nom) for o in Organisation.objects.all()],
            "personnes": [(p.pk, str(p)) for p in Personne.objects.all()],
        }
        super().__init__(*args, **kwargs)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"


PresencesFormSet = forms.formset_factory(
    PresenceForm, formset=_PresencesFormSet, extra=3, can_delete=True, max_num=300, absolute_max=300
)


class EmpreinteForm(forms.Form):
    """What the list looked like when the page was opened."""

    empreinte = forms.CharField(widget=forms.HiddenInput, max_length=16)


class AdhesionsTacitesForm(forms.Form):
    """Who, among those present, adopted the mission at this assemblée."""

    organisations = forms.ModelMultipleChoiceField(
        label="Organisations présentes",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    personnes = forms.ModelMultipleChoiceField(
        label="Citoyennes et citoyens présents",
        queryset=Personne.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leur nom ne sera pas publié tant qu’un consentement n’est pas noté.",
    )

    def __init__(
        self, *args: Any, organisations: list[Organisation], personnes: list[Personne], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for nom, objets in (("organisations", organisations), ("personnes", personnes)):
            champ = self.fields[nom]
            pks = [objet.pk for objet in objets]
            modele = Organisation if nom == "organisations" else Personne
            champ.queryset = modele._default_manager.filter(pk__in=pks)  # type: ignore[attr-defined]
            champ.initial = pks
            if not objets:
                del self.fields[nom]


class CollaborationForm(forms.ModelForm):  # type: ignore[type-arg]
    jeton = JetonField()
    version = VersionField(initial=0)

    class Meta:
        model = CollaborationStructurante
        fields = CHAMPS_COLLABORATION
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 4})}
        error_messages: ClassVar[dict[str, Any]] = {
            "titre": {"required": "Écrivez un titre."},
            "genre": {"required": "Choisissez un genre."},
            "debut": {"required": "Écrivez la date."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0

    @property
    def donnees(self) -> dict[str, Any]:
        """The fields of the collaboration, without those of the form."""
        return {champ: self.cleaned_data[champ] for champ in CHAMPS_COLLABORATION}
