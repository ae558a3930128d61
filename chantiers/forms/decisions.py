"""Forms of the decisions on a request: they only parse."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from chantiers.models import Enveloppe
from chantiers.queries import SoldeEnveloppe
from demarche.champs import DateFormField, MontantFormField
from demarche.enums import Choix
from demarche.models import Rencontre
from demarche.montants import ecrire_dollars

RECUSATION = "recusation"


class ChoixEnveloppe(forms.ModelChoiceField[Enveloppe]):
    """Envelope with what it has left beside its name."""

    def __init__(self, soldes: Sequence[SoldeEnveloppe], **kwargs: Any) -> None:
        self.disponibles = {solde.enveloppe.pk: solde.disponible for solde in soldes}
        super().__init__(queryset=Enveloppe.objects.all(), label="Enveloppe", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} (disponible : {ecrire_dollars(self.disponibles[obj.pk])})"


class OuvertureForm(forms.Form):
    """Open the ballot: which envelope pays, until when one votes."""

    def __init__(self, *args: Any, soldes: Sequence[SoldeEnveloppe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enveloppe"] = ChoixEnveloppe(soldes, empty_label="Choisissez une enveloppe")
        self.fields["dernier_jour"] = DateFormField(
            label="Dernier jour pour voter", help_text="Le scrutin se clôt ce jour-là à 23 h 59."
        )

    def echeance(self) -> datetime.datetime:
        """Return the last minute of the last day, local time."""
        dernier_jour: datetime.date = self.cleaned_data["dernier_jour"]
        return timezone.make_aware(datetime.datetime.combine(dernier_jour, datetime.time(23, 59)))


class DecisionForm(forms.Form):
    """The coordination's own decision."""

    decision = forms.ChoiceField(
        label="Votre décision",
        choices=[("accorder", "Accorder"), ("refuser", "Refuser")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez d’accorder ou de refuser."},
    )
    montant = MontantFormField(label="Montant accordé", required=False)
    motif = forms.CharField(
        label="Motif",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Envoyé à la personne qui demande. Obligatoire pour un refus.",
    )

    def __init__(self, *args: Any, soldes: Sequence[SoldeEnveloppe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enveloppe"] = ChoixEnveloppe(soldes, required=False, empty_label="Choisissez une enveloppe")
        for nom in ("montant", "enveloppe", "motif"):
            self.fields[nom].est_conditionnel = True  # type: ignore[attr-defined]
        self.order_fields(["decision", "montant", "enveloppe", "motif"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("decision") == "accorder":
            if not donnees.get("montant") and "montant" not in self.errors:
                self.add_error("montant", "Écrivez le montant accordé.")
            if not donnees.get("enveloppe") and "enveloppe" not in self.errors:
                self.add_error("enveloppe", "Choisissez l’enveloppe qui paiera.")
        if donnees.get("decision") == "refuser":
            donnees["montant"] = donnees["enveloppe"] = None
            if not donnees.get("motif"):
                self.add_error("motif", "Écrivez le motif du refus : la personne qui demande le recevra.")
        return donnees


class AssembleeForm(forms.Form):
    """What the assemblée decided, with its count."""

    nb_presents = forms.IntegerField(label="Partenaires présents", min_value=1)
    nb_pour = forms.IntegerField(label="Pour", min_value=0)
    nb_contre = forms.IntegerField(label="Contre", min_value=0)
    nb_abstentions = forms.IntegerField(label="Abstentions", min_value=0)
    montant = MontantFormField(
        label="Montant accordé", required=False, help_text="Si l’assemblée a adopté; vide, le montant demandé."
    )
    motif = forms.CharField(
        label="Motif",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce que l’assemblée a retenu. Envoyé à la personne qui demande.",
    )

    def __init__(
        self, *args: Any, soldes: Sequence[SoldeEnveloppe], rencontres: QuerySet[Rencontre], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rencontre"] = forms.ModelChoiceField(
            queryset=rencontres, label="Assemblée", empty_label="Choisissez la rencontre"
        )
        self.fields["enveloppe"] = ChoixEnveloppe(soldes, required=False, empty_label="Choisissez une enveloppe")
        self.fields["enveloppe"].est_conditionnel = True  # type: ignore[attr-defined]
        self.fields["enveloppe"].help_text = "Obligatoire si l’assemblée a adopté."
        self.order_fields(
            ["rencontre", "nb_presents", "nb_pour", "nb_contre", "nb_abstentions", "montant", "enveloppe", "motif"]
        )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        comptes = [donnees.get(nom) for nom in ("nb_pour", "nb_contre", "nb_abstentions")]
        presents = donnees.get("nb_presents")
        if presents is not None and None not in comptes and sum(n for n in comptes if n is not None) > presents:
            self.add_error("nb_presents", "Il y a plus de votes comptés que de personnes présentes.")
        return donnees


class BulletinForm(forms.Form):
    """Vote, or stand aside."""

    choix = forms.ChoiceField(
        label="Votre vote",
        choices=[*Choix.choices, (RECUSATION, "Je me récuse")],
        error_messages={"required": "Choisissez une des quatre réponses."},
    )
    commentaire = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Versé à la décision sans votre nom, et transmis à la personne qui demande.",
    )
