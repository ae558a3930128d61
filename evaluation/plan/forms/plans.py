"""Forms of the strategic plan's frame."""

from typing import Any

from django import forms
from django.db.models import Max

from evaluation.plan.forms.elements import ElementForm
from evaluation.plan.models import Objectif, Orientation, PlanStrategique, Strategie

AIDE_NUMERO = "Son rang dans le code, par exemple 2 dans 1.2.3."


class PlanForm(ElementForm[PlanStrategique]):
    class Meta:
        model = PlanStrategique
        fields = ("titre", "debut", "fin")
        help_texts = {"titre": "Par exemple\u00a0: Planification stratégique 2023-2025."}


class OrientationForm(ElementForm[Orientation]):
    class Meta:
        model = Orientation
        fields = ("numero", "titre")
        help_texts = {"numero": "Son rang dans le code, par exemple 1 dans 1.2.3."}
        widgets = {"titre": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["numero"] = _suivant(self.instance.plan.orientations.aggregate(n=Max("numero"))["n"])


class ObjectifForm(ElementForm[Objectif]):
    class Meta:
        model = Objectif
        fields = ("numero", "titre")
        help_texts = {"numero": AIDE_NUMERO}
        widgets = {"titre": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["numero"] = _suivant(self.instance.orientation.objectifs.aggregate(n=Max("numero"))["n"])


class StrategieForm(ElementForm[Strategie]):
    class Meta:
        model = Strategie
        fields = ("numero", "enonce")
        help_texts = {"numero": "Son rang dans le code, par exemple 3 dans 1.2.3."}
        widgets = {"enonce": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["numero"] = _suivant(self.instance.objectif.strategies.aggregate(n=Max("numero"))["n"])


def _suivant(plus_haut: int | None) -> int:
    return (plus_haut or 0) + 1
