"""Forms of ballots: an answer, an answer taken by phone, a new question; the filter of the resolutions."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.gouvernance.models import Exercice, InstanceGouvernance
from demarche.scrutins.models import Scrutin
from demarche.socle.champs import DateFormField
from demarche.socle.services.jetons import JetonField

RECUSATION = "recusation"


@dataclass(frozen=True)
class Reponse:
    """One answer of a ballot as its page offers it."""

    valeur: str
    libelle: str
    icone: str
    precision: str = ""

    def __str__(self) -> str:
        return f"{self.libelle} ({self.precision})" if self.precision else self.libelle


POUR, CONTRE = Reponse(Choix.POUR, "Pour", "check"), Reponse(Choix.CONTRE, "Contre", "croix")
SIGNER, NE_PAS_SIGNER = Reponse(Choix.POUR, "Je signe", "check"), Reponse(Choix.CONTRE, "Je ne signe pas", "croix")
ABSTENTION = Reponse(Choix.ABSTENTION, "Abstention", "abstention")
SE_RECUSER = Reponse(RECUSATION, "Je me récuse", "recusation", "définitif")
SE_FAIT_RECUSER = "La personne se récuse (définitif)"


def reponses_de(scrutin: Scrutin) -> tuple[Reponse, ...]:
    """Return the answers a ballot takes: a written resolution is signed or not, nobody abstains from it (R5)."""
    if scrutin.mode == ModeDecision.RESOLUTION_ECRITE:
        return SIGNER, NE_PAS_SIGNER, SE_RECUSER
    return POUR, CONTRE, ABSTENTION, SE_RECUSER


def libelle_reponse(scrutin: Scrutin, choix: str) -> str:
    """Return how an answer given to this ballot reads: « Pour », « Je signe »."""
    return next((r.libelle for r in reponses_de(scrutin) if r.valeur == choix), choix)


class BulletinForm(forms.Form):
    """Answer, or declare a recusal."""

    commentaire = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lu, sans votre nom, par l’équipe, le comité, le fiduciaire et qui demande.",
    )

    def __init__(self, *args: Any, scrutin: Scrutin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reponses = reponses_de(scrutin)
        self.fields["choix"] = forms.ChoiceField(
            label="Votre réponse",
            choices=[(reponse.valeur, str(reponse)) for reponse in self.reponses],
            error_messages={
                "required": f"Choisissez une des {'trois' if len(self.reponses) == 3 else 'quatre'} réponses.",
                "invalid_choice": "Ce scrutin ne prend pas cette réponse.",
            },
        )


class TelephoneForm(BulletinForm):
    """The answer somebody of the team took by phone; any voice of the ballot is read, the service says which may."""

    def __init__(self, *args: Any, scrutin: Scrutin, voix: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, scrutin=scrutin, **kwargs)
        electeur = forms.ModelChoiceField(
            scrutin.electeurs.all(),
            label="Qui a répondu au téléphone?",
            error_messages={
                "required": "Choisissez la voix.",
                "invalid_choice": "Cette voix n’est pas appelée à ce scrutin.",
            },
        )
        electeur.choices = [("", "Choisissez la voix"), *voix]
        self.fields["electeur"] = electeur
        self.fields["choix"].label = "Sa réponse"
        self.fields["choix"].widget = forms.RadioSelect(
            choices=[(r.valeur, SE_FAIT_RECUSER if r is SE_RECUSER else r.libelle) for r in self.reponses]
        )
        self.fields[
            "commentaire"
        ].help_text = "Ses mots : lus, sans son nom, par l’équipe, le comité, le fiduciaire et qui demande."
        self.order_fields(["electeur", "choix", "commentaire"])

    @property
    def valeurs(self) -> dict[str, Any]:
        """Whose voice, its answer (None for a recusal), its words."""
        choix = self.cleaned_data["choix"]
        return {
            "electeur_pk": self.cleaned_data["electeur"].pk,
            "choix": None if choix == RECUSATION else Choix(choix),
            "commentaire": self.cleaned_data["commentaire"],
        }


class QuestionForm(forms.Form):
    """A free question for one instance that answers at a distance."""

    jeton = JetonField()
    question = forms.CharField(
        label="Question", max_length=200, help_text="En une ligne : ce que la personne lit d’abord."
    )
    texte = forms.CharField(
        label="Texte de la résolution proposée",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Tel qu’il sera inscrit au registre s’il est adopté. Figé à l’ouverture.",
    )
    dernier_jour = DateFormField(label="Dernier jour pour répondre", help_text="Clôture ce jour-là à 23 h 59.")

    @property
    def valeurs(self) -> dict[str, Any]:
        """The question, its text, and its deadline: the last minute of the last day, local time."""
        fin = datetime.datetime.combine(self.cleaned_data["dernier_jour"], datetime.time(23, 59))
        textes = {nom: self.cleaned_data[nom] for nom in ("question", "texte")}
        return {**textes, "echeance": timezone.make_aware(fin)}


class AnnulationForm(forms.Form):
    """Why a ballot is cancelled: its electors read it."""

    motif = forms.CharField(
        label="Pourquoi annuler ce scrutin?",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Envoyé à toutes les personnes appelées. Les votes déjà donnés ne comptent pas.",
    )


class FiltreForm(forms.Form):
    """Which part of the register of resolutions."""

    instance_gouvernance = forms.ModelChoiceField(
        InstanceGouvernance.objects.filter(resolutions__isnull=False).distinct(),
        label="Instance",
        required=False,
        empty_label="Toutes",
    )
    exercice = forms.ModelChoiceField(
        Exercice.objects.all(), label="Exercice", required=False, empty_label="Tous", to_field_name="code"
    )
