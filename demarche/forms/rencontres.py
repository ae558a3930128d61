"""Form of a meeting."""

from typing import Any

from django import forms

from demarche.champs import HeureFormField
from demarche.concurrence import VersionField
from demarche.models import InstanceGouvernance, Rencontre
from demarche.services.jetons import JetonField


class RencontreForm(forms.ModelForm[Rencontre]):
    heure = HeureFormField(label="Heure", required=False)

    class Meta:
        model = Rencontre
        fields = (
            "instance_gouvernance",
            "titre",
            "date",
            "heure",
            "lieu",
            "est_publique",
            "notes",
        )
        labels = {"notes": "Notes et suites"}
        help_texts = {
            "est_publique": "Elle paraît à l’agenda du site, avec les points publics; les notes restent internes.",
            "notes": "Pour l’équipe et le comité. Jamais publiées.",
        }
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = self.fields["instance_gouvernance"]
        assert isinstance(choix, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        actives = InstanceGouvernance.objects.filter(est_active=True)
        if self.instance.pk:
            actives = actives | InstanceGouvernance.objects.filter(pk=self.instance.instance_gouvernance_id)
            self.fields["version"] = VersionField(initial=self.instance.version)
        else:
            self.fields["jeton"] = JetonField()
        choix.queryset = actives.distinct()
        choix.empty_label = "Choisir une instance"

    @property
    def champs(self) -> dict[str, Any]:
        """Values of the meeting's own fields, clean."""
        return {nom: self.cleaned_data[nom] for nom in self.Meta.fields}
