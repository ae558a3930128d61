"""Forms of effects: the reference data, and those of a strategy, one group of boxes a domaine d’action."""

from typing import Any

from django import forms

from evaluation.plan.enums import NatureEffet
from evaluation.plan.forms.elements import ElementForm
from evaluation.plan.models import DomaineAction, EffetConstate, ResultatTransitoire
from evaluation.plan.services.effets import ce_qui_contredit


class DomaineForm(ElementForm[DomaineAction]):
    class Meta:
        model = DomaineAction
        fields = ("numero", "nom")


class ResultatTransitoireForm(ElementForm[ResultatTransitoire]):
    class Meta:
        model = ResultatTransitoire
        fields = ("numero", "nom", "definition")
        widgets = {"definition": forms.Textarea(attrs={"rows": 6})}


class EffetForm(forms.Form):
    nature = forms.ChoiceField(
        label="Ce que la stratégie a changé",
        choices=NatureEffet.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une des trois réponses."},
    )
    precision = forms.CharField(
        label="Précision",
        required=False,
        max_length=200,
        help_text="Par exemple\u00a0: renforcement d’un réseau existant.",
    )

    def __init__(self, data: Any = None, *, effet: EffetConstate | None) -> None:
        coches = {r.pk for r in effet.resultats_transitoires.all()} if effet else set()
        initial: dict[str, Any] = {"nature": effet.nature, "precision": effet.precision} if effet else {}
        super().__init__(data, initial=initial)
        self.domaines = list(DomaineAction.objects.prefetch_related("resultats_transitoires"))
        for domaine in self.domaines:
            proposes = domaine.resultats_transitoires.all()
            self.fields[f"domaine_{domaine.pk}"] = forms.ModelMultipleChoiceField(
                queryset=ResultatTransitoire.objects.filter(domaine=domaine).order_by("numero"),
                label=f"Domaine {domaine.numero}\u00a0: {domaine.nom}",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[r.pk for r in proposes if r.pk in coches],
            )
        self.order_fields(["nature", *self.noms_domaines, "precision"])

    @property
    def noms_domaines(self) -> list[str]:
        return [f"domaine_{domaine.pk}" for domaine in self.domaines]

    @property
    def champs_domaines(self) -> list[forms.BoundField]:
        return [self[nom] for nom in self.noms_domaines]

    @property
    def resultats_transitoires(self) -> list[ResultatTransitoire]:
        """Return what is ticked, all domaines together."""
        return [r for nom in self.noms_domaines for r in self.cleaned_data.get(nom, [])]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if "nature" in donnees:
            contradiction = ce_qui_contredit(donnees["nature"], len(self.resultats_transitoires))
            if contradiction:
                self.add_error("nature", contradiction)
        return donnees
