"""Forms of presences, tacit adhesions and collaborations."""

import re
from typing import Any, ClassVar

from django import forms

from demarche.socle.concurrence import VersionField
from demarche.socle.services.jetons import JetonField
from partenaires.models import CollaborationStructurante, Organisation, Personne

QUI = re.compile(r"(?:o(?P<organisation>\d+))?(?:p(?P<personne>\d+))?")


def valeur_qui(organisation_id: int | None, personne_id: int | None) -> str:
    """Return the value that stands for an organisation, a person, or both in the list « Qui »."""
    return (f"o{organisation_id}" if organisation_id else "") + (f"p{personne_id}" if personne_id else "")


class PresenceForm(forms.Form):
    """One line of the presences: an organisation, a citizen, or other people, and how many."""

    qui = forms.ChoiceField(label="Qui", required=False)
    precision = forms.CharField(
        label="Ou précisez (équipe, invités…)",
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
        self, *args: Any, organisations: dict[int, Organisation], personnes: dict[int, Personne], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisations, self.personnes = organisations, personnes
        choix: list[Any] = [
            ("", "—"),
            ("Organisations", [(valeur_qui(pk, None), str(o)) for pk, o in organisations.items()]),
            ("Citoyennes et citoyens", [(valeur_qui(None, pk), str(p)) for pk, p in personnes.items()]),
        ]
        # A person noted in the name of an organisation elsewhere keeps its own entry.
        initiale = str(self.initial.get("qui", ""))
        if "o" in initiale and "p" in initiale:
            organisation, personne = self._lire(initiale)
            choix.append((initiale, f"{organisation}, {personne}"))
        self.fields["qui"].choices = choix  # type: ignore[attr-defined]

    def _lire(self, valeur: str) -> tuple[Organisation | None, Personne | None]:
        lu = QUI.fullmatch(valeur)
        if lu is None:
            return None, None
        return self.organisations.get(int(lu["organisation"] or 0)), self.personnes.get(int(lu["personne"] or 0))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if self.errors:
            return donnees
        donnees["organisation"], donnees["personne"] = self._lire(donnees.get("qui", ""))
        if not (donnees["organisation"] or donnees["personne"] or donnees.get("precision")):
            self.add_error("qui", "Choisissez dans la liste, ou précisez à côté.")
        if donnees["personne"] and donnees.get("nb_personnes") != 1:
            self.add_error("nb_personnes", "Une personne nommée compte pour une.")
        return donnees


class _PresencesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The rows share two lists read once.
        kwargs["form_kwargs"] = {
            "organisations": {o.pk: o for o in Organisation.objects.all()},
            "personnes": {p.pk: p for p in Personne.objects.all()},
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
        fields = ("titre", "genre", "debut", "fin", "organisateur", "description")
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 4})}
        error_messages: ClassVar[dict[str, Any]] = {
            "titre": {"required": "Écrivez un titre."},
            "genre": {"required": "Choisissez un genre."},
            "debut": {"required": "Écrivez la date."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0
