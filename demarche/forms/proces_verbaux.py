"""Forms of the minutes: they only parse."""

from collections.abc import Sequence
from typing import Any

from django import forms

from demarche.concurrence import VersionField
from demarche.models import PointOrdreDuJour, ProcesVerbal

from .votes import VoteSalleForm


class ProcesVerbalForm(forms.Form):
    """The texts of draft minutes: the opening, what is said of each point, the end."""

    version = VersionField()

    def __init__(
        self, *args: Any, proces_verbal: ProcesVerbal, points: Sequence[PointOrdreDuJour], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        self.fields["version"].initial = proces_verbal.version
        self._ajouter("ouverture", "Ouverture", proces_verbal.ouverture, lignes=3)
        for rang, point in enumerate(points, start=1):
            self._ajouter(f"point-{point.pk}", f"Ce qui est dit du point {rang}", point.compte_rendu, lignes=6)
        self._ajouter("cloture", "Levée de la rencontre", proces_verbal.cloture, lignes=3)

    def _ajouter(self, nom: str, libelle: str, texte: str, *, lignes: int) -> None:
        self.fields[nom] = forms.CharField(
            label=libelle, required=False, initial=texte, widget=forms.Textarea(attrs={"rows": lignes})
        )

    def champ_du_point(self, point: PointOrdreDuJour) -> forms.BoundField:
        return self[f"point-{point.pk}"]

    @property
    def comptes_rendus(self) -> dict[int, str]:
        """Return what was typed for each point, by point."""
        return {point.pk: self.cleaned_data[f"point-{point.pk}"].replace("\r\n", "\n") for point in self.points}


class AdoptionForm(VoteSalleForm):
    """The vote that adopts minutes; who moves and who seconds, where that is said."""

    def __init__(self, *args: Any, point: PointOrdreDuJour, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if point.rencontre.instance_gouvernance.nomme_proposeurs:
            for nom, libelle in (("proposee_par", "Proposée par"), ("appuyee_par", "Appuyée par")):
                self.fields[nom] = forms.CharField(
                    label=libelle, max_length=120, required=False, initial=getattr(point, nom)
                )

    @property
    def nommes(self) -> dict[str, str]:
        return {nom: self.cleaned_data.get(nom, "") for nom in ("proposee_par", "appuyee_par")}
