"""The form of the thresholds."""

from django import forms

from chantiers.demandes.models import RegleAllocation
from demarche.gouvernance.models import CadreReference
from demarche.socle.services.jetons import JetonField


class RegleForm(forms.ModelForm[RegleAllocation]):
    """The thresholds in force from a day on."""

    jeton = JetonField()

    class Meta:
        model = RegleAllocation
        fields = ("en_vigueur_du", "seuil_comite", "seuil_assemblee", "source")
        labels = {
            "en_vigueur_du": "En vigueur à partir du",
            "seuil_comite": "La coordination décide sous",
            "seuil_assemblee": "Le comité de pilotage décide jusqu’à, inclusivement",
        }
        help_texts = {
            "seuil_assemblee": "Au-delà, l’assemblée des partenaires décide.",
            "source": "Le texte qui fixe ces seuils, par exemple : cadre de référence 2024, adopté le 8 mai 2024.",
        }
        widgets = {"source": forms.TextInput(attrs={"list": "sources-regle"})}
        error_messages = {"en_vigueur_du": {"unique": "Une règle commence déjà ce jour-là."}}

    @property
    def sources(self) -> list[str]:
        """What the field of the source proposes: the versions of the cadre de référence."""
        return [str(cadre) for cadre in CadreReference.objects.all()]
