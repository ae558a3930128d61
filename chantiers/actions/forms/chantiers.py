"""Forms of chantiers and their objectives."""

from django import forms

from chantiers.actions.forms.lots import lot
from chantiers.actions.models import Chantier, ObjectifChantier
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance
from demarche.socle.concurrence import EmpreinteField, VersionField
from demarche.socle.services.jetons import JetonField


class ChantierForm(forms.ModelForm[Chantier]):
    """One chantier."""

    class Meta:
        model = Chantier
        fields = ("nom", "description", "instance_gouvernance", "est_actif")
        labels = {"instance_gouvernance": "Comité de chantier", "est_actif": "Ce chantier est actif"}
        help_texts = {
            "nom": "Le nom que tout le monde emploie, par exemple « Sécurité alimentaire ».",
            "description": "Ce que le chantier cherche à changer, en quelques phrases. Ce texte est public.",
            "instance_gouvernance": "Le comité qui anime le chantier, s’il y en a un.",
        }
        error_messages = {
            "nom": {"unique": "Un chantier porte déjà ce nom."},
            "instance_gouvernance": {"unique": "Ce comité anime déjà un autre chantier."},
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["instance_gouvernance"].queryset = InstanceGouvernance.objects.filter(  # type: ignore[attr-defined]
            genre=GenreInstance.COMITE_CHANTIER
        )
        self.fields["instance_gouvernance"].empty_label = "Aucun comité"  # type: ignore[attr-defined]


class ChantierCreationForm(ChantierForm):
    jeton = JetonField()


class ChantierModificationForm(ChantierForm):
    version = VersionField()


class ObjectifForm(forms.ModelForm[ObjectifChantier]):
    """One objective; its number is its place in the list."""

    class Meta:
        model = ObjectifChantier
        fields = ("texte",)
        widgets = {"texte": forms.Textarea(attrs={"rows": 2})}


ObjectifFormSet = lot(ObjectifChantier, ObjectifForm, extra=3)


class EmpreinteForm(forms.Form):
    """What the rows of a page were when it was opened."""

    empreinte = EmpreinteField()
