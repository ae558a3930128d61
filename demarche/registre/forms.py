"""Form of the page of the register: the hash somebody wants to compare."""

from django import forms

from demarche.registre.queries import LONGUEUR_MINIMALE, nettoyer_empreinte


class EmpreinteForm(forms.Form):
    empreinte = forms.CharField(
        label="Empreinte à comparer",
        max_length=120,
        help_text="Les 64 caractères imprimés dans le procès-verbal ou le courriel; les 16 premiers suffisent.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_empreinte(self) -> str:
        """Return the hash as the register writes it."""
        empreinte = nettoyer_empreinte(self.cleaned_data["empreinte"])
        if not empreinte:
            raise forms.ValidationError(
                f"Une empreinte s’écrit avec les chiffres 0 à 9 et les lettres a à f, {LONGUEUR_MINIMALE} caractères "
                "au moins. Copiez-la telle quelle.",
                code="forme",
            )
        return empreinte
