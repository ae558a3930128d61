"""Forms of the points of an agenda."""

from typing import Any

from django import forms

from demarche.gouvernance.models import Rencontre, Resolution
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.queries.points import consultations_a_inscrire, proces_verbaux_a_adopter
from demarche.scrutins.models import Scrutin
from demarche.socle.concurrence import VersionField
from demarche.socle.francais import ecrire_date
from demarche.socle.services.jetons import JetonField

# What the team writes itself; a fund request is put on an agenda from its own page.
GENRES_SAISIS = (GenrePoint.LIBRE, GenrePoint.RESOLUTION, GenrePoint.ENTERINEMENT, GenrePoint.PROCES_VERBAL)
CHAMPS_DU_GENRE: dict[str, tuple[str, ...]] = {
    GenrePoint.LIBRE: ("titre", "texte", "duree_minutes", "est_public"),
    GenrePoint.RESOLUTION: ("titre", "texte", "corrige", "duree_minutes", "est_public"),
    GenrePoint.ENTERINEMENT: ("consultation", "duree_minutes", "est_public"),
    GenrePoint.PROCES_VERBAL: ("proces_verbal", "duree_minutes", "est_public"),
    GenrePoint.DEMANDE: ("titre", "duree_minutes", "est_public"),
}
AIDE_PUBLIC = "Si la rencontre est à l’agenda du site."


class PointForm(forms.ModelForm[PointOrdreDuJour]):
    """One point, with the fields of its kind."""

    class Meta:
        model = PointOrdreDuJour
        fields = ("titre", "texte", "consultation", "proces_verbal", "corrige", "duree_minutes", "est_public")
        help_texts = {"est_public": AIDE_PUBLIC}
        widgets = {"texte": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, rencontre: Rencontre, genre: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.genre = GenrePoint(genre)
        self.instance.genre = self.genre
        for nom in set(self.fields) - set(CHAMPS_DU_GENRE[self.genre]):
            del self.fields[nom]
        self._choisir_parmi(rencontre)
        if "texte" in self.fields:
            resolution = self.genre == GenrePoint.RESOLUTION
            self.fields["texte"].label = "Texte proposé" if resolution else "Explication"
            self.fields["texte"].help_text = (
                "Il peut être amendé en rencontre, avant le vote. « Il est résolu de… »" if resolution else ""
            )
        if self.instance.pk:
            self.fields["version"] = VersionField(initial=self.instance.version)
        else:
            self.fields["jeton"] = JetonField()
            self.initial.setdefault("est_public", self.genre in {GenrePoint.LIBRE, GenrePoint.PROCES_VERBAL})

    def _choisir_parmi(self, rencontre: Rencontre) -> None:
        """Offer the consultations, the minutes and the resolutions of the instance, and what the point has already."""
        if "consultation" in self.fields:
            pks = [s.pk for s in consultations_a_inscrire(rencontre)]
            choix = Scrutin.objects.filter(pk__in=[*pks, self.instance.consultation_id])
            self._remplir("consultation", choix, "Choisir une consultation")
        if "proces_verbal" in self.fields:
            pks = [pv.pk for pv in proces_verbaux_a_adopter(rencontre)]
            choix_pv = ProcesVerbal.objects.filter(pk__in=[*pks, self.instance.proces_verbal_id])
            choix_pv = choix_pv.select_related("rencontre")
            self._remplir("proces_verbal", choix_pv, "Choisir un procès-verbal")
        if "corrige" in self.fields:
            resolutions = Resolution.objects.filter(instance_gouvernance=rencontre.instance_gouvernance_id)
            resolutions = resolutions.order_by("-exercice__debut", "-numero")
            self._remplir("corrige", resolutions, "Aucune : une résolution nouvelle", obligatoire=False)

    def _remplir(self, nom: str, choix: Any, vide: str, *, obligatoire: bool = True) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        champ.queryset, champ.empty_label, champ.required = choix, vide, obligatoire

    @property
    def champs(self) -> dict[str, Any]:
        """Values of the point's own fields, clean, with the title that its kind gives."""
        champs = {nom: self.cleaned_data[nom] for nom in CHAMPS_DU_GENRE[self.genre]}
        if consultation := champs.get("consultation"):
            champs |= {"titre": f"Entériner : {consultation.question}"[:200], "texte": consultation.texte}
        if proces_verbal := champs.get("proces_verbal"):
            champs["titre"] = f"Adopter le procès-verbal : {proces_verbal.rencontre}"[:200]
        return champs if self.instance.pk else {**champs, "genre": self.genre}


class RangForm(forms.Form):
    """The rank of a point in its agenda."""

    rang = forms.IntegerField(min_value=1, max_value=1_000)


class NotesForm(forms.Form):
    """What is said on a point while the meeting runs."""

    notes = forms.CharField(
        label="Notes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Le procès-verbal les reprend; on peut les y corriger.",
    )
    version = VersionField()


class ChoixRencontre(forms.ModelChoiceField[Rencontre]):
    """A meeting by its title and its date: two meetings of an instance often bear the same title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.titre}, {ecrire_date(obj.date)}"


class ReportForm(forms.Form):
    """Carry a point over: to which meeting."""

    def __init__(self, *args: Any, rencontres: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rencontre"] = ChoixRencontre(
            queryset=rencontres, label="Reporter à", empty_label="Choisir une rencontre"
        )
