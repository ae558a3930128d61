"""Forms of the library of reasons, and the field that picks one: they only parse."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import MotifType


class MotifForm(forms.ModelForm[MotifType]):
    """One reason of the library."""

    class Meta:
        model = MotifType
        fields = ("sens", "texte", "est_actif")
        widgets = {"texte": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "texte": "La phrase telle que la personne qui demande la lira.",
            "est_actif": "Décochez pour ne plus le proposer; les décisions déjà prises n’y changent pas.",
        }


class ChoixMotif(forms.ChoiceField):
    """Pick one reason of the library, grouped by what it explains; cleans to the `MotifType`, or None."""

    def __init__(self, motifs: Sequence[MotifType], *, aucun: str = "Aucun : j’écris le mien", **kwargs: Any) -> None:
        self.motifs = {str(motif.pk): motif for motif in motifs}
        groupes: list[Any] = [
            (SensMotif(sens).label, [(str(motif.pk), motif.texte) for motif in groupe])
            for sens, groupe in groupby(motifs, key=lambda motif: motif.sens)
        ]
        choix = groupes[0][1] if len(groupes) == 1 else groupes
        super().__init__(choices=[("", aucun), *choix], **kwargs)

    def clean(self, value: Any) -> MotifType | None:
        return self.motifs.get(str(super().clean(value)))


def offrir_motifs(form: forms.Form, motifs: Sequence[MotifType]) -> None:
    """Add to a form the choice of a reason of the library, when the library offers one."""
    if motifs:
        form.fields["motif_type"] = ChoixMotif(motifs, label="Motif tout prêt", required=False)


def composer(motif: MotifType | None, texte: str) -> str:
    """Return the reason of the library, then what was typed, each on its own line."""
    return "\n".join(partie for partie in (motif.texte if motif else "", texte.strip()) if partie)
