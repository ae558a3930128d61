"""Forms of the reference data on effects."""

from django import forms

from evaluation.models import DomaineAction, ResultatTransitoire

from .elements import ElementForm


class DomaineForm(ElementForm[DomaineAction]):
    class Meta:
        model = DomaineAction
        fields = ("numero", "nom")


class ResultatTransitoireForm(ElementForm[ResultatTransitoire]):
    class Meta:
        model = ResultatTransitoire
        fields = ("numero", "nom", "definition")
        widgets = {"definition": forms.Textarea(attrs={"rows": 6})}
