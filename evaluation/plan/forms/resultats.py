"""Form of one piece of evidence."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from chantiers.actions.models import Activite
from demarche.socle.templatetags.formats import date_longue
from evaluation.plan.forms.elements import ElementForm, NombreFormField
from evaluation.plan.models import Resultat


class ChoixActivite(forms.ModelChoiceField[Activite]):
    """Activity told by its day, its title and its action."""

    def label_from_instance(self, obj: Activite) -> str:
        return f"{date_longue(obj.date)} · {obj.titre} ({obj.action_collective})"


def activites_proposees(resultat: Resultat) -> QuerySet[Activite]:
    """Return the activities of the exercice, of the actions that serve the strategy when some do."""
    exercice, strategie = resultat.cible.exercice, resultat.cible.strategie
    de_l_exercice = Q(date__range=(exercice.debut, exercice.fin))
    if strategie.contributions.exists():
        de_l_exercice &= Q(action_collective__contributions__strategie=strategie)
    return (
        Activite.objects.filter(de_l_exercice | Q(pk=resultat.activite_id))
        .select_related("action_collective")
        .order_by("-date", "pk")
        .distinct()
    )


class ResultatForm(ElementForm[Resultat]):
    valeur = NombreFormField(label="Nombre obtenu", required=False)
    fichier = forms.FileField(
        label="Document",
        required=False,
        help_text="Un PDF, une image ou un document bureautique\u00a0: ce qui montre le résultat.",
    )

    class Meta:
        model = Resultat
        fields = ("texte", "date", "valeur", "unite", "activite")
        field_classes = {"activite": ChoixActivite}
        widgets = {"texte": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"texte": "Une ou deux phrases, telles qu’on les lira dans la synthèse du bilan."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cible = self.instance.cible
        self.fields["activite"].queryset = activites_proposees(self.instance)  # type: ignore[attr-defined]
        self.fields["activite"].empty_label = "Aucune activité en particulier"  # type: ignore[attr-defined]
        if cible.unite:
            self.fields["unite"].help_text = (
                f"La cible compte des «\u00a0{cible.unite}\u00a0». Si vous avez compté autre chose, dites-le\u00a0: "
                "la page compare seulement ce qui a la même unité."
            )
            if not self.instance.pk:
                self.initial["unite"] = cible.unite
        if self.instance.document_id:
            self.fields["fichier"].label = "Remplacer le document"
        self.order_fields(["texte", "date", "valeur", "unite", "activite", "fichier"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("valeur") is None:
            donnees["unite"] = ""
        elif not donnees.get("unite") and "unite" not in self.errors:
            self.add_error(
                "unite", ValidationError("Écrivez ce qui a été compté, par exemple\u00a0: adhésions formelles.")
            )
        return donnees
