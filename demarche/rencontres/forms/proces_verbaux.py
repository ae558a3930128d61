"""Forms of the minutes: they only parse."""

from collections.abc import Sequence
from typing import Any

from django import forms

from demarche.rencontres.forms.votes import VoteSalleForm
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.proces_verbal.donnees import ProcesVerbalCompose
from demarche.socle.concurrence import EmpreinteField, VersionField


class ProcesVerbalForm(forms.Form):
    """The texts of draft minutes: the opening, what is said of each point, the end.

    Each carries what it said when the page was opened, so that a text left as it was goes on following the facts.
    """

    version = VersionField()

    def __init__(
        self,
        *args: Any,
        proces_verbal: ProcesVerbal,
        points: Sequence[PointOrdreDuJour],
        compose: ProcesVerbalCompose,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proces_verbal, self.points = proces_verbal, points
        self.fields["version"].initial = proces_verbal.version
        self._ajouter("ouverture", "Ouverture", compose.ouverture, lignes=3)
        for point, dit in zip(points, compose.points, strict=True):
            self._ajouter(f"point-{point.pk}", f"Ce qui est dit du point {dit.numero}", dit.compte_rendu, lignes=6)
        self._ajouter("cloture", "Levée de la rencontre", compose.cloture, lignes=3)

    def _ajouter(self, nom: str, libelle: str, texte: str, *, lignes: int) -> None:
        self.fields[nom] = forms.CharField(
            label=libelle,
            required=False,
            initial=texte,
            show_hidden_initial=True,
            widget=forms.Textarea(attrs={"rows": lignes}),
        )

    def champ_du_point(self, point: PointOrdreDuJour) -> forms.BoundField:
        return self[f"point-{point.pk}"]

    @property
    def textes(self) -> dict[str, Any]:
        """Return the texts to write: what was typed, and nothing for the points whose text was left as it was."""
        modifies = {f"point-{point.pk}": point.pk for point in self.points}
        return {
            "ouverture": self._saisi("ouverture", self.proces_verbal.ouverture),
            "cloture": self._saisi("cloture", self.proces_verbal.cloture),
            "comptes_rendus": {pk: self._saisi(nom, "") for nom, pk in modifies.items() if nom in self.changed_data},
        }

    def _saisi(self, nom: str, garde: str) -> str:
        """Return what was typed, with plain line ends; what is kept when the field was left as it was."""
        return str(self.cleaned_data[nom]).replace("\r\n", "\n") if nom in self.changed_data else garde


class AdoptionForm(VoteSalleForm):
    """The vote that adopts minutes.

    `version` is the fingerprint of the minutes shown beside it: they are adopted as they were read, or not at all.
    """

    version = EmpreinteField()
