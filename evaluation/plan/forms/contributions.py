"""Form of the strategies that an action serves: one group of boxes an orientation."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms

from chantiers.actions.models import ActionCollective
from evaluation.plan.models import PlanStrategique, Strategie


class ChoixStrategies(forms.ModelMultipleChoiceField[Strategie]):
    """Boxes that read « 1.2.3 énoncé »."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Strategie) -> str:
        return str(obj)


class ContributionsForm(forms.Form):
    def __init__(
        self, *args: Any, action_collective: ActionCollective, plans: Sequence[PlanStrategique], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        toutes = (
            Strategie.objects.select_related("objectif__orientation__plan")
            .filter(objectif__orientation__plan__in=plans)
            .order_by(
                *("-objectif__orientation__plan__debut", "objectif__orientation__numero"),
                *("objectif__numero", "numero", "pk"),
            )
        )
        servies = set(action_collective.contributions.values_list("strategie", flat=True))
        self.proposees = {strategie.pk for strategie in toutes}
        for orientation, lot in groupby(toutes, key=lambda s: s.objectif.orientation):
            cles = [strategie.pk for strategie in lot]
            self.fields[f"orientation_{orientation.pk}"] = ChoixStrategies(
                queryset=toutes.filter(objectif__orientation=orientation),
                label=f"Orientation {orientation}"
                if len(plans) == 1
                else f"{orientation.plan}, orientation {orientation}",
                required=False,
                initial=[cle for cle in cles if cle in servies],
            )

    @property
    def strategies(self) -> list[Strategie]:
        """Return what is ticked, all orientations together."""
        return [strategie for lot in self.cleaned_data.values() for strategie in lot]
