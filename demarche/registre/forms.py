"""Form of the page of the register: the hash somebody wants to compare."""

import re

from django import forms

LONGUEUR_MINIMALE = 16  # the first characters are enough to find a line


class EmpreinteForm(forms.Form):
    empreinte = forms.CharField(
        label="Empreinte à comparer",
        max_length=120,
        help_text="Les 64 caractères imprimés dans le procès-verbal ou le courriel; les 16 premiers suffisent.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_empreinte(self) -> str:
        """Return the hash as the register writes it; spaces and capitals are forgiven."""
        empreinte = "".join(self.cleaned_data["empreinte"].split()).lower()
        if not re.fullmatch(rf"[0-9a-f]{{{LONGUEUR_MINIMALE},64}}", empreinte):
            raise forms.ValidationError(
                f"Une empreinte s’écrit avec les chiffres 0 à 9 et les lettres a à f, {LONGUEUR_MINIMALE} caractères "
                "au moins. Copiez-la telle quelle.",
                code="forme",
            )
        return empreinte
