"""Forms of the strategic plan's frame."""

from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import Max

from evaluation.plan.forms.elements import ElementForm, M
from evaluation.plan.models import Objectif, Orientation, PlanStrategique, Strategie


class PlanForm(ElementForm[PlanStrategique]):
    class Meta:
        model = PlanStrategique
        fields = ("titre", "debut", "fin")
        help_texts = {"titre": "Par exemple\u00a0: Planification stratégique 2023-2025."}


class _NumeroteForm(ElementForm[M]):
    """Form of an element that has a number among its siblings: a new one takes the next."""

    freres = ""  # where its siblings are, from the element

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            dernier = attrgetter(self.freres)(self.instance).aggregate(n=Max("numero"))["n"]
            self.initial["numero"] = (dernier or 0) + 1


class OrientationForm(_NumeroteForm[Orientation]):
    freres = "plan.orientations"

    class Meta:
        model = Orientation
        fields = ("numero", "titre")
        help_texts = {"numero": "Son rang dans le code, par exemple 1 dans 1.2.3."}
        widgets = {"titre": forms.Textarea(attrs={"rows": 2})}


class ObjectifForm(_NumeroteForm[Objectif]):
    freres = "orientation.objectifs"

    class Meta:
        model = Objectif
        fields = ("numero", "titre")
        help_texts = {"numero": "Son rang dans le code, par exemple 2 dans 1.2.3."}
        widgets = {"titre": forms.Textarea(attrs={"rows": 2})}


class StrategieForm(_NumeroteForm[Strategie]):
    freres = "objectif.strategies"

    class Meta:
        model = Strategie
        fields = ("numero", "enonce")
        help_texts = {"numero": "Son rang dans le code, par exemple 3 dans 1.2.3."}
        widgets = {"enonce": forms.Textarea(attrs={"rows": 4})}
