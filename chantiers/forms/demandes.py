"""Forms of fund requests and of the decisions on them: they only parse."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from chantiers.models import ActionCollective, DemandeFonds
from chantiers.services.demandes import Poste
from demarche.champs import FichierField, MontantFormField
from demarche.concurrence import VersionField
from demarche.models import Exercice
from demarche.services.jetons import JetonField
from partenaires.models import Organisation

RECUSATION = "recusation"


class DemandeForm(forms.ModelForm[DemandeFonds]):
    """What is asked, for which action, why; the amount comes from the lines."""

    jeton = JetonField()
    version = VersionField(required=False)

    class Meta:
        model = DemandeFonds
        fields = ("action_collective", "titre", "motif", "organisation", "exercice")
        widgets = {"motif": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"titre": "En quelques mots, ce que les fonds permettront."}

    def __init__(
        self,
        *args: Any,
        actions: QuerySet[ActionCollective],
        organisations: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action_collective"].queryset = actions  # type: ignore[attr-defined]
        self.fields["action_collective"].empty_label = "Choisissez une action"  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=[organisation.pk for organisation in organisations]
        )
        self.fields["organisation"].empty_label = "La démarche elle-même"  # type: ignore[attr-defined]
        self.fields["exercice"].queryset = Exercice.objects.filter(est_clos=False)  # type: ignore[attr-defined]
        self.fields["exercice"].empty_label = None  # type: ignore[attr-defined]


class PosteForm(forms.Form):
    """One line of the breakdown; an empty line is left out."""

    libelle = forms.CharField(
        label="Poste", max_length=160, error_messages={"required": "Écrivez à quoi sert ce montant."}
    )
    montant = MontantFormField(label="Montant", error_messages={"required": "Écrivez le montant de ce poste."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["montant"].widget.attrs["data-montant"] = "poste"


class PosteFormSetBase(forms.BaseFormSet[PosteForm]):
    def postes(self) -> list[Poste]:
        """Return the lines filled, in order."""
        return [
            Poste(libelle=form.cleaned_data["libelle"], montant=form.cleaned_data["montant"])
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


PosteFormSet = cast(
    type[PosteFormSetBase],
    forms.formset_factory(PosteForm, formset=PosteFormSetBase, extra=3, can_delete=True, max_num=60),
)


class PieceForm(forms.Form):
    """One file to attach to a draft."""

    titre = forms.CharField(label="Titre du document", max_length=160)
    fichier = FichierField(label="Fichier")
