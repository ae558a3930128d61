"""Forms that write a fund request: they only parse."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from chantiers.actions.models import ActionCollective
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import GenreApport
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.redaction import Apport, Poste
from chantiers.demandes.services.redaction import SANS_MOT
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import FichierField, MontantFormField
from demarche.socle.concurrence import VersionField
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.jetons import JetonField
from partenaires.models import Organisation


class DemandeForm(forms.ModelForm[DemandeFonds]):
    """What is asked, for which action, why; the amount comes from the lines.

    sans_organisation: what naming no organisation is called; empty when one must be named.
    intervient:        the editor is not an author, and must give a reason.
    en_son_nom:        naming none is asking for oneself, and not for the démarche.
    """

    jeton = JetonField()
    version = VersionField(required=False)
    confirme = forms.BooleanField(
        label="Je comprends : modifier la demande annule le scrutin en cours.",
        required=False,
        help_text="Les personnes appelées à voter en sont avisées. La demande revient à l’étude.",
    )

    mot = forms.CharField(
        label="Pourquoi vous modifiez cette demande",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Envoyé par courriel à la personne qui demande, et gardé avec la demande.",
        error_messages={"required": SANS_MOT},
    )
    concernees = forms.ModelMultipleChoiceField(
        label="Organisations qui fournissent ce que la demande paie, ou qui en profitent",
        queryset=Organisation.objects.order_by("nom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Si l’une d’elles siège, on lui demandera si elle se récuse.",
    )

    class Meta:
        model = DemandeFonds
        fields = ("action_collective", "titre", "motif", "organisation", "exercice", "ligne_budgetaire")
        widgets = {"motif": forms.Textarea(attrs={"rows": 6})}
        labels = {"motif": "À quoi serviront les fonds"}
        help_texts = {
            "titre": "En quelques mots, ce que les fonds permettront.",
            "motif": "Et pourquoi maintenant.",
            "organisation": "",
        }
        error_messages = {"organisation": {"required": "Choisissez l’organisation qui demande."}}

    def __init__(
        self,
        *args: Any,
        actions: QuerySet[ActionCollective],
        organisations: Sequence[Organisation],
        sans_organisation: str,
        en_son_nom: bool,
        voit_budget: bool,
        en_deliberation: bool = False,
        intervient: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        champs = cast(dict[str, Any], self.fields)
        self.en_son_nom = en_son_nom
        champs["action_collective"].queryset = actions
        champs["action_collective"].empty_label = "Choisissez une action"
        champs["organisation"].queryset = Organisation.objects.filter(pk__in=[o.pk for o in organisations])
        champs["organisation"].empty_label = sans_organisation or "Choisissez une organisation"
        champs["organisation"].required = not sans_organisation
        non_termines = Exercice.objects.non_termines(timezone.localdate())
        champs["exercice"].queryset = non_termines | Exercice.objects.filter(pk=self.instance.exercice_id)
        champs["exercice"].empty_label = None
        if self.instance.pk:
            champs["concernees"].initial = [c.organisation_id for c in self.instance.concernees.all()]
        if not en_deliberation:
            del self.fields["confirme"]
        if not intervient:
            del self.fields["mot"]
        if voit_budget:
            self._proposer_lignes(champs["ligne_budgetaire"])
        else:
            del self.fields["ligne_budgetaire"]

    def _proposer_lignes(self, champ: Any) -> None:
        """Offer the planned expenses of the open exercices, under the title of their action."""
        lignes = LigneBudgetaire.objects.filter(
            Q(exercice__est_clos=False) | Q(pk=self.instance.ligne_budgetaire_id),
            action_collective__isnull=False,
            nature=NatureLigne.DEPENSE,
        ).select_related("action_collective", "exercice")
        champ.queryset = lignes
        triees = lignes.order_by("action_collective__titre", "exercice", "pk")
        champ.choices = [("", "Aucune en particulier"), *_par_action(triees)]

    def contenu(self, postes: "LignesFormSet", apports: "LignesFormSet") -> dict[str, Any]:
        """Return what the request says, as the service reads it; a budget line not shown stays, if it still can."""
        champs = {nom: self.cleaned_data[nom] for nom in self.Meta.fields if nom in self.fields}
        if "ligne_budgetaire" not in champs:
            gardee = self.instance.ligne_budgetaire
            ici = (champs["action_collective"].pk, champs["exercice"].pk)
            tient = gardee is not None and (gardee.action_collective_id, gardee.exercice_id) == ici
            champs["ligne_budgetaire"] = gardee if tient else None
        champs["est_personnelle"] = champs["organisation"] is None and self.en_son_nom
        return {
            **champs,
            "postes": [Poste(**ligne) for ligne in postes.lignes()],
            "apports": [Apport(**ligne) for ligne in apports.lignes()],
            "concernees": list(self.cleaned_data["concernees"]),
        }


def _par_action(lignes: QuerySet[LigneBudgetaire]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    for action, groupe in groupby(lignes, key=lambda ligne: str(ligne.action_collective)):
        yield (
            action,
            [(li.pk, f"{li.libelle}, {li.exercice} (prévu : {ecrire_dollars(li.montant_prevu)})") for li in groupe],
        )


class PosteForm(forms.Form):
    """One line of the breakdown; an empty line is left out."""

    libelle = forms.CharField(
        label="Poste", max_length=160, error_messages={"required": "Écrivez à quoi sert ce montant."}
    )
    montant = MontantFormField(label="Montant", error_messages={"required": "Écrivez le montant de ce poste."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["montant"].widget.attrs["data-montant"] = "poste"


class LignesFormSet(forms.BaseFormSet[forms.Form]):
    def lignes(self) -> list[dict[str, Any]]:
        """Return the lines filled and not taken away, in order."""
        propres = [form.cleaned_data for form in self.forms if form.cleaned_data]
        return [{nom: ligne[nom] for nom in ligne if nom != "DELETE"} for ligne in propres if not ligne.get("DELETE")]


class ApportForm(forms.Form):
    """One part of the cost covered elsewhere; an empty line is left out."""

    genre = forms.TypedChoiceField(
        label="Genre", choices=GenreApport.choices, coerce=GenreApport, initial=GenreApport.COFINANCEMENT.value
    )
    source = forms.CharField(
        label="Qui l’apporte", max_length=160, error_messages={"required": "Écrivez qui apporte ce montant."}
    )
    montant = MontantFormField(
        label="Montant ou valeur", error_messages={"required": "Écrivez le montant, ou la valeur de ce qui est prêté."}
    )
    est_confirme = forms.BooleanField(label="Confirmé", required=False)

    def clean_montant(self) -> Any:
        montant = self.cleaned_data["montant"]
        if montant is not None and montant <= 0:
            raise forms.ValidationError("Le montant doit dépasser zéro.")
        return montant


def _lignes(formulaire: type[forms.Form], *, extra: int, max_num: int) -> type[LignesFormSet]:
    classe = forms.formset_factory(formulaire, formset=LignesFormSet, extra=extra, can_delete=True, max_num=max_num)
    return cast(type[LignesFormSet], classe)


PosteFormSet = _lignes(PosteForm, extra=3, max_num=60)
ApportFormSet = _lignes(ApportForm, extra=1, max_num=20)


class RetraitForm(forms.Form):
    """Withdraw a request; the service says when a reason is due."""

    mot = forms.CharField(
        label="Pourquoi vous la retirez",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Envoyé par courriel à la personne qui demande, et gardé avec la demande.",
    )


class PieceForm(forms.Form):
    """One file to attach to a request."""

    titre = forms.CharField(label="Titre du document", max_length=160)
    fichier = FichierField(label="Fichier")
