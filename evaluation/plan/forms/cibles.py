"""Forms of targets: several at once, one alone, its status."""

from typing import Any

from django import forms

from demarche.socle.concurrence import VersionField
from demarche.socle.services.jetons import JetonField
from evaluation.plan.enums import StatutCible, SuiteCible
from evaluation.plan.forms.elements import NombreFormField
from evaluation.plan.models import Cible
from evaluation.plan.services.cibles import SaisieCible

SANS_UNITE = "Écrivez ce qui est compté, par exemple\u00a0: adhésions formelles."


class _NombreEtUnite(forms.Form):
    """What a target says and, when it counts something, how many of what."""

    enonce = forms.CharField(label="Cible", widget=forms.Textarea(attrs={"rows": 2}))
    valeur_visee = NombreFormField(label="Nombre visé", required=False)
    unite = forms.CharField(label="Unité", required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("valeur_visee") is not None and not donnees.get("unite") and "unite" not in self.errors:
            self.add_error("unite", SANS_UNITE)
        return donnees


class CibleForm(_NombreEtUnite):
    """One target; the numbers are only for what is counted."""

    version = VersionField()

    def __init__(self, data: Any = None, *, cible: Cible) -> None:
        initial = {
            "enonce": cible.enonce,
            "valeur_visee": cible.valeur_visee,
            "unite": cible.unite,
            "version": cible.version,
        }
        super().__init__(data, initial=initial)
        self.fields["valeur_visee"].help_text = "Seulement si la cible se compte."
        self.fields["unite"].help_text = "Les mots exacts de la cible, par exemple\u00a0: adhésions formelles."


class LigneCibleForm(_NombreEtUnite):
    """One row of the page where the targets of a strategy are written together."""

    numero = forms.IntegerField(label="Numéro", required=False, min_value=1, max_value=99)
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = VersionField(required=False)

    field_order = ("numero", "enonce", "valeur_visee", "unite")


LigneCibleFormSet = forms.formset_factory(LigneCibleForm, extra=2, can_delete=True, max_num=30)


def lire_saisies(lignes: forms.BaseFormSet[LigneCibleForm]) -> list[SaisieCible]:
    """Return the rows filled of a valid formset, those to remove included."""
    return [
        SaisieCible(
            pk=donnees.get("pk"),
            version=donnees.get("version"),
            numero=donnees.get("numero"),
            enonce=donnees["enonce"],
            valeur_visee=donnees.get("valeur_visee"),
            unite=donnees.get("unite", ""),
            a_retirer=bool(donnees.get("DELETE")),
        )
        for donnees in (form.cleaned_data for form in lignes.forms)
        if donnees.get("enonce") and (donnees.get("pk") or not donnees.get("DELETE"))
    ]


class EnvoiForm(forms.Form):
    """The token of a page that writes several rows at once."""

    jeton = JetonField()


class StatutForm(forms.Form):
    """Where a target stands, what comes next, and why if it is worth saying."""

    statut = forms.ChoiceField(label="Statut", choices=StatutCible.choices)
    suite = forms.ChoiceField(label="Suite", choices=[("", "Pas encore décidée"), *SuiteCible.choices], required=False)
    motif = forms.CharField(
        label="Note pour l’historique",
        required=False,
        max_length=200,
        help_text="Par exemple\u00a0: décidé à la rencontre d’équipe du 12 juin.",
    )
    version = VersionField()

    def __init__(self, data: Any = None, *, cible: Cible) -> None:
        initial = {"statut": cible.statut, "suite": cible.suite, "version": cible.version}
        super().__init__(data, initial=initial)
