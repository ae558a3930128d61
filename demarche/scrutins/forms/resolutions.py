"""Filter of the register of resolutions."""

from django import forms

from demarche.gouvernance.models import Exercice, InstanceGouvernance


class FiltreForm(forms.Form):
    """Which part of the register."""

    instance_gouvernance = forms.ModelChoiceField(
        InstanceGouvernance.objects.filter(resolutions__isnull=False).distinct(),
        label="Instance",
        required=False,
        empty_label="Toutes",
    )
    exercice = forms.ModelChoiceField(
        Exercice.objects.all(), label="Exercice", required=False, empty_label="Tous", to_field_name="code"
    )
