"""Form of one narrative text of the bilan."""

from typing import Any

from django import forms

from demarche.socle.concurrence import VersionField
from evaluation.bilan.models import Narratif


class NarratifForm(forms.Form):
    texte = forms.CharField(
        label="Texte",
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Une ligne vide sépare deux paragraphes. Une ligne qui commence par «\u00a0- » devient un point de "
        "liste.",
    )
    version = VersionField()

    def __init__(self, data: Any = None, *, narratif: Narratif | None) -> None:
        initial = {"texte": narratif.texte if narratif else "", "version": narratif.version if narratif else 0}
        super().__init__(data, initial=initial)
