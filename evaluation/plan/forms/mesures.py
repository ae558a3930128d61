"""Forms of indicators and of their dated values."""

from typing import Any

from django import forms

from evaluation.plan.forms.elements import ElementForm, NombreFormField
from evaluation.plan.models import Indicateur, Mesure


class IndicateurForm(ElementForm[Indicateur]):
    class Meta:
        model = Indicateur
        fields = ("nom", "unite", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "nom": "Par exemple\u00a0: Abonnés de la page Facebook.",
            "unite": "Par exemple\u00a0: abonnés.",
            "description": "Ce qui entre dans le compte, et ce qui n’y entre pas.",
        }


class MesureForm(ElementForm[Mesure]):
    valeur = NombreFormField(label="Valeur")

    class Meta:
        model = Mesure
        fields = ("valeur", "date", "debut_periode", "fiabilite", "realite", "source")
        labels = {"fiabilite": "Cette valeur est", "realite": "Elle est"}
        widgets = {"fiabilite": forms.RadioSelect, "realite": forms.RadioSelect}
        help_texts = {
            "debut_periode": "Seulement si la valeur couvre une période, par exemple des visites de juillet à juin.",
            "source": "D’où vient le nombre\u00a0: registre, outil de statistiques, page consultée tel jour.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valeur"].help_text = f"En {self.instance.indicateur.unite}."
