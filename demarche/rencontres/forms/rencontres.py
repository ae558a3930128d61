"""Forms of a meeting: announce it, hold it again, convene it, say who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.forms import BoundField

from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.rencontres.enums import EtatPresence
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.presences import LignePresence, SiegeDuJour
from demarche.socle.champs import DateFormField, HeureFormField
from demarche.socle.concurrence import EmpreinteField, VersionField
from demarche.socle.services.jetons import JetonField

MAX_COURRIELS = 60
LONGUEUR_TITRE = PointOrdreDuJour._meta.get_field("titre").max_length or 200


class PointsField(forms.CharField):
    """The titles of the first points, one a line; cleans to a list."""

    widget = forms.Textarea(attrs={"rows": 6})

    def clean(self, value: Any) -> Any:
        lignes = [" ".join(ligne.split()) for ligne in super().clean(value).splitlines()]
        titres = [ligne for ligne in lignes if ligne]
        if any(len(titre) > LONGUEUR_TITRE for titre in titres):
            raise forms.ValidationError(f"Un point tient en {LONGUEUR_TITRE} caractères : raccourcissez sa ligne.")
        return titres


class CourrielsField(forms.CharField):
    """E-mail addresses, one a line; cleans to a list."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        courriels = super().clean(value).replace(",", " ").replace(";", " ").split()
        for courriel in courriels:
            try:
                validate_email(courriel)
            except forms.ValidationError as erreur:
                raise forms.ValidationError(f"« {courriel} » n’est pas une adresse de courriel.") from erreur
        if len(courriels) > MAX_COURRIELS:
            raise forms.ValidationError(f"Écrivez au plus {MAX_COURRIELS} adresses.")
        return courriels


class RencontreForm(forms.ModelForm[Rencontre]):
    heure = HeureFormField(label="Heure", required=False)
    points = PointsField(
        label="Points à l’ordre du jour",
        required=False,
        help_text="Un point par ligne. Les résolutions et les consultations à entériner s’ajoutent ensuite.",
    )
    ouverte_a = HeureFormField(label="Ouverte à", required=False)
    levee_a = HeureFormField(label="Levée à", required=False)

    class Meta:
        model = Rencontre
        fields = (
            "instance_gouvernance",
            "titre",
            "date",
            "heure",
            "lieu",
            "est_publique",
            "presidence",
            "secretariat",
            "ouverte_a",
            "levee_a",
            "notes",
        )
        labels = {"notes": "Notes et suites"}
        help_texts = {
            "est_publique": "Elle paraît à l’agenda du site, avec les points publics; les notes restent internes.",
            "notes": "Pour l’équipe et le comité. Jamais publiées.",
        }
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = self.fields["instance_gouvernance"]
        assert isinstance(choix, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        actives = InstanceGouvernance.objects.filter(est_active=True)
        if self.instance.pk:
            actives = actives | InstanceGouvernance.objects.filter(pk=self.instance.instance_gouvernance_id)
            self.fields["version"] = VersionField(initial=self.instance.version)
            del self.fields["points"]
        else:
            self.fields["jeton"] = JetonField()
            for nom in ("ouverte_a", "levee_a"):  # a meeting about to be announced has not begun
                del self.fields[nom]
            self.order_fields(("instance_gouvernance", "titre", "date", "heure", "lieu", "points"))
        choix.queryset = actives.distinct()
        choix.empty_label = "Choisir une instance"

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("ouverte_a"), donnees.get("levee_a")
        if debut and fin and fin < debut:
            self.add_error("levee_a", "La rencontre ne peut pas être levée avant son ouverture.")
        return donnees

    @property
    def champs(self) -> dict[str, Any]:
        """Values of the meeting's own fields, clean."""
        return {nom: self.cleaned_data[nom] for nom in self.Meta.fields if nom in self.fields}


class DuplicationForm(forms.Form):
    """Hold a meeting again: its name, its date."""

    titre = forms.CharField(label="Titre", max_length=160)
    date = DateFormField(label="Date")
    jeton = JetonField()


class AnnulationRencontreForm(forms.Form):
    """Why a meeting does not take place: those convened read it."""

    motif = forms.CharField(
        label="Pourquoi annuler cette rencontre?",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Montré sur sa page, et envoyé aux personnes déjà convoquées.",
    )


class ConvocationForm(forms.Form):
    """Send the convocation, once however many clicks; other addresses may be typed, kept nowhere."""

    courriels = CourrielsField(
        label="Autres courriels",
        required=False,
        help_text="Un par ligne. Pour les personnes que l’outil ne connaît pas : elles reçoivent les points publics. "
        "Ces adresses servent à cet envoi seulement.",
    )
    jeton = JetonField()


class PresencesSiegesForm(forms.Form):
    """How each filled seat came; a vacant seat has no field."""

    empreinte = EmpreinteField()

    def __init__(self, *args: Any, sieges: Sequence[SiegeDuJour], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sieges = sieges
        for connu in (s for s in sieges if not s.est_vacant):
            note, pk = connu.presence, connu.siege.pk
            self.fields[f"etat-{pk}"] = forms.ChoiceField(
                label=f"Présence du siège « {connu.siege} »",
                choices=[*EtatPresence.choices, ("", "Non noté")],
                required=False,
                widget=forms.RadioSelect,
                initial=note.etat if note else "",
            )
            for nom, libelle in (("arrivee", "Arrivée"), ("depart", "Départ")):
                champ = HeureFormField(
                    label=f"{libelle} du siège « {connu.siege} »",
                    required=False,
                    initial=getattr(note, f"{nom}_a") if note else None,
                )
                champ.widget.attrs["placeholder"] = "13 h 30"
                self.fields[f"{nom}-{pk}"] = champ

    @property
    def rangees(self) -> list["RangeePresence"]:
        """Return the rows of the page: every seat, with its fields when it is filled."""
        return [
            RangeePresence(s)
            if s.est_vacant
            else RangeePresence(s, *(self[f"{nom}-{s.siege.pk}"] for nom in ("etat", "arrivee", "depart")))
            for s in self.sieges
        ]

    @property
    def lignes(self) -> dict[int, LignePresence]:
        """Return what was typed, by seat."""
        valeurs = self.cleaned_data
        return {
            s.siege.pk: LignePresence(*(valeurs[f"{nom}-{s.siege.pk}"] for nom in ("etat", "arrivee", "depart")))
            for s in self.sieges
            if not s.est_vacant
        }


@dataclass(frozen=True)
class RangeePresence:
    """One row of the page of presences."""

    siege: SiegeDuJour
    etat: BoundField | None = None
    arrivee: BoundField | None = None
    depart: BoundField | None = None
