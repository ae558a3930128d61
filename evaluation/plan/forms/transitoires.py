"""Forms of the reference data on effects."""

from django import forms

from evaluation.plan.forms.elements import ElementForm
from evaluation.plan.models import DomaineAction, ResultatTransitoire


class DomaineForm(ElementForm[DomaineAction]):
    class Meta:
        model = DomaineAction
        fields = ("numero", "nom")


class ResultatTransitoireForm(ElementForm[ResultatTransitoire]):
    class Meta:
        model = ResultatTransitoire
        fields = ("numero", "nom", "definition")
        widgets = {"definition": forms.Textarea(attrs={"rows": 6})}
