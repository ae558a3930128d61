"""The vote in a room, seat by seat or by its count: one form, shared by every page that records one (R5, R6)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from demarche.gouvernance.enums import Choix
from demarche.rencontres.enums import EtatPresence
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.votes_main_levee import ABSENT, RECUSATION, CompteSalle
from demarche.rencontres.services.votes_points import TexteVote, VoteSalle
from demarche.scrutins.services.electeurs import Appele

REPONSES = [*Choix.choices, (RECUSATION, "Récusation"), (ABSENT, "Absence")]
NOMBRES = {
    "nb_presents": "Personnes présentes",
    "nb_pour": "Pour",
    "nb_contre": "Contre",
    "nb_abstentions": "Abstentions",
    "nb_recusations": "Récusations",
}
RECUSES = "recuses"
PROPOSEURS = {"proposee_par": "Proposée par", "appuyee_par": "Appuyée par"}


class VoteSalleForm(forms.Form):
    """Five answers for each seat called, or the count of the room; a subclass adds what its page needs.

    point:      what is voted on; who moves and who seconds is asked where the instance says so.
    appeles:    the seats called; none, where voices are not seats.
    par_nombre: count the hands even where seats vote; the recused seats are then ticked.
    presences:  how each seat came, by number of seat; none noted, nothing is preset.
    recuses:    numbers of the seats recused in every case.
    """

    def __init__(
        self,
        *args: Any,
        point: PointOrdreDuJour,
        appeles: Sequence[Appele] = (),
        par_nombre: bool = False,
        presences: Mapping[int, str] | None = None,
        recuses: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.appeles, self.presences = appeles, presences or {}
        self.par_siege = bool(appeles) and not par_nombre
        if self.par_siege:
            for appele in appeles:
                self._ajouter_siege(appele, appele.numero in recuses)
        else:
            self._ajouter_nombres(recuses)
        if point.consultation_id is None and point.rencontre.instance_gouvernance.nomme_proposeurs:
            for nom, libelle in PROPOSEURS.items():
                self.fields[nom] = forms.CharField(
                    label=libelle, max_length=120, required=False, initial=getattr(point, nom)
                )

    def _ajouter_nombres(self, recuses: Collection[int]) -> None:
        for nom, libelle in NOMBRES.items():
            self.fields[nom] = forms.IntegerField(label=libelle, min_value=0, max_value=10_000)
        if self.appeles:
            del self.fields["nb_recusations"]  # named, hence counted
            self.fields[RECUSES] = forms.TypedMultipleChoiceField(
                label="Sièges qui se sont récusés",
                choices=[(a.numero, f"{a.libelle} ({a.utilisateur})") for a in self.appeles],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=sorted(recuses),
            )

    def _ajouter_siege(self, appele: Appele, recuse: bool) -> None:
        note = self.presences.get(appele.numero)
        initial = RECUSATION if recuse else ABSENT if note and note != EtatPresence.PRESENT else None
        self.fields[f"siege-{appele.numero}"] = forms.ChoiceField(
            label=f"{appele.libelle} ({appele.utilisateur})",
            choices=REPONSES,
            widget=forms.RadioSelect,
            initial=initial,
            error_messages={"required": "Choisissez ce que ce siège a répondu, ou « Absence »."},
        )

    @property
    def noms_du_vote(self) -> list[str]:
        if self.par_siege:
            return [f"siege-{a.numero}" for a in self.appeles]
        return [nom for nom in (*NOMBRES, RECUSES) if nom in self.fields]

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
        if self.par_siege:
            return VoteSalle(reponses={a.numero: valeurs[f"siege-{a.numero}"] for a in self.appeles})
        nombres = {nom: valeurs[nom] for nom in NOMBRES if nom in valeurs}
        return VoteSalle(compte=CompteSalle(**nombres, recuses=frozenset(valeurs.get(RECUSES, ()))))

    @property
    def nommes(self) -> dict[str, str]:
        """Return who moves and who seconds, empty where that is not asked."""
        return {nom: self.cleaned_data.get(nom, "") for nom in PROPOSEURS}


class VotePointForm(VoteSalleForm):
    """The vote on a point: the text, if it may still be amended."""

    def __init__(self, *args: Any, point: PointOrdreDuJour, **kwargs: Any) -> None:
        super().__init__(*args, point=point, **kwargs)
        if point.consultation_id is None:
            self.fields["texte"] = forms.CharField(
                label="Texte mis aux voix",
                initial=point.texte,
                widget=forms.Textarea(attrs={"rows": 6}),
                help_text="Tel qu’amendé en rencontre : c’est lui que le registre garde.",
            )
            self.order_fields(("texte", *PROPOSEURS))

    @property
    def texte_vote(self) -> TexteVote:
        return TexteVote(self.cleaned_data.get("texte", ""), **self.nommes)
