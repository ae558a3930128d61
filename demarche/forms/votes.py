"""The vote in a room, seat by seat or by its count: one form, shared by every page that records one (R5, R6)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from demarche.enums import Choix, EtatPresence
from demarche.models import PointOrdreDuJour
from demarche.services.electeurs import Appele
from demarche.services.votes_comptes import ABSENT, RECUSATION, CompteSalle
from demarche.services.votes_points import TexteVote, VoteSalle

REPONSES = [*Choix.choices, (RECUSATION, "Récusé"), (ABSENT, "Absent")]
NOMBRES = {
    "nb_presents": "Présents",
    "nb_pour": "Pour",
    "nb_contre": "Contre",
    "nb_abstentions": "Abstentions",
    "nb_recusations": "Récusations",
}


class VoteSalleForm(forms.Form):
    """Five answers for each seat called, or five numbers; a subclass adds what its page needs.

    appeles:   the seats called; empty, the vote is by number.
    presences: how each seat came, by number of seat; none noted, nothing is preset.
    recuses:   numbers of the seats that stand aside whatever is said.
    """

    def __init__(
        self,
        *args: Any,
        appeles: Sequence[Appele] = (),
        presences: Mapping[int, str] | None = None,
        recuses: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.appeles, self.presences = appeles, presences or {}
        if appeles:
            for appele in appeles:
                self._ajouter_siege(appele, appele.numero in recuses)
        else:
            for nom, libelle in NOMBRES.items():
                self.fields[nom] = forms.IntegerField(label=libelle, min_value=0, max_value=10_000)
            self.fields["nb_recusations"].initial = len(recuses)

    def _ajouter_siege(self, appele: Appele, recuse: bool) -> None:
        note = self.presences.get(appele.numero)
        initial = RECUSATION if recuse else ABSENT if note and note != EtatPresence.PRESENT else None
        self.fields[f"siege-{appele.numero}"] = forms.ChoiceField(
            label=f"{appele.libelle} ({appele.utilisateur})",
            choices=REPONSES,
            widget=forms.RadioSelect,
            initial=initial,
            error_messages={"required": "Choisissez ce que ce siège a répondu, ou « Absent »."},
        )

    @property
    def noms_du_vote(self) -> list[str]:
        return [f"siege-{a.numero}" for a in self.appeles] or list(NOMBRES)

    @property
    def champs_du_vote(self) -> list[BoundField]:
        return [self[nom] for nom in self.noms_du_vote]

    @property
    def autres_champs(self) -> list[BoundField]:
        """Return the visible fields that are not the vote itself."""
        return [champ for champ in self.visible_fields() if champ.name not in self.noms_du_vote]

    @property
    def vote(self) -> VoteSalle:
        """Return what the room answered."""
        valeurs = self.cleaned_data
        if self.appeles:
            return VoteSalle(reponses={a.numero: valeurs[f"siege-{a.numero}"] for a in self.appeles})
        return VoteSalle(compte=CompteSalle(**{nom: valeurs[nom] for nom in NOMBRES}))


class VotePointForm(VoteSalleForm):
    """The vote on a point: the text, if it may still be amended; who moves and who seconds, where that is said."""

    def __init__(self, *args: Any, point: PointOrdreDuJour, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if point.consultation_id is None:
            self.fields["texte"] = forms.CharField(
                label="Texte mis aux voix",
                initial=point.texte,
                widget=forms.Textarea(attrs={"rows": 6}),
                help_text="Tel qu’amendé en rencontre : c’est lui que le registre garde.",
            )
            if point.rencontre.instance_gouvernance.nomme_proposeurs:
                for nom, libelle in (("proposee_par", "Proposée par"), ("appuyee_par", "Appuyée par")):
                    self.fields[nom] = forms.CharField(
                        label=libelle, max_length=120, required=False, initial=getattr(point, nom)
                    )

    @property
    def texte_vote(self) -> TexteVote:
        noms = ("texte", "proposee_par", "appuyee_par")
        return TexteVote(**{nom: self.cleaned_data.get(nom, "") for nom in noms})
