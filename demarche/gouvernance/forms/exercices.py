"""Form of the reopening of an exercice."""

from django import forms

from demarche.gouvernance.services.exercices import LONGUEUR_MOTIF


class ReouvertureForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi le rouvrir",
        max_length=LONGUEUR_MOTIF,
        help_text="Se lit au registre, à côté de la réouverture : n’y nommez personne.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Écrivez pourquoi l’exercice est rouvert."},
    )
