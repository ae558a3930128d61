"""Forms of the decisions on a request: they only parse."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import SensMotif
from chantiers.demandes.forms.motifs import composer, offrir_motifs
from chantiers.demandes.models import MotifType
from chantiers.demandes.queries.engagements import SoldeEnveloppe
from chantiers.demandes.services.motifs import AUTRE_CHOIX
from demarche.socle.champs import DateFormField, MontantFormField
from demarche.socle.concurrence import VersionField
from demarche.socle.francais import ecrire_dollars

SENS_DE_LA_DECISION = {"accorder": SensMotif.ACCORD, "refuser": SensMotif.REFUS}


class ChoixEnveloppe(forms.ModelChoiceField[Enveloppe]):
    """Envelope with what it has left beside its name."""

    def __init__(self, soldes: Sequence[SoldeEnveloppe], **kwargs: Any) -> None:
        self.disponibles = {solde.enveloppe.pk: solde.disponible for solde in soldes}
        super().__init__(queryset=Enveloppe.objects.filter(pk__in=self.disponibles), label="Enveloppe", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} (disponible : {ecrire_dollars(self.disponibles[obj.pk])})"


class OuvertureForm(forms.Form):
    """Open the ballot: how much, on what conditions, which envelope pays, until when one votes."""

    version = VersionField(required=False)
    montant = MontantFormField(
        label="Montant soumis au vote",
        required=False,
        help_text="Le montant demandé, ou moins : l’instance vote alors sur une partie.",
    )
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Elles font partie du texte voté, puis de la décision.",
    )
    motif = forms.CharField(
        label="Motif proposé",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Pourquoi accorder. Voté avec le texte; si c’est oui, envoyé à la personne qui demande.",
    )
    dernier_jour = DateFormField(label="Dernier jour pour voter", help_text="Le scrutin se clôt ce jour-là à 23 h 59.")

    def __init__(
        self, *args: Any, soldes: Sequence[SoldeEnveloppe], motifs: Sequence[MotifType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enveloppe"] = ChoixEnveloppe(soldes, empty_label="Choisissez une enveloppe")
        offrir_motifs(self, motifs)
        self.order_fields(["montant", "conditions", "enveloppe", "motif_type", "motif", "dernier_jour"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        donnees["motif"] = composer(donnees.get("motif_type"), donnees.get("motif", ""))
        return donnees

    def echeance(self) -> datetime.datetime:
        """Return the last minute of the last day, local time."""
        dernier_jour: datetime.date = self.cleaned_data["dernier_jour"]
        return timezone.make_aware(datetime.datetime.combine(dernier_jour, datetime.time(23, 59)))


class DecisionForm(forms.Form):
    """The coordination's own decision."""

    version = VersionField(required=False)
    decision = forms.ChoiceField(
        label="Votre décision",
        choices=[("accorder", "Accorder"), ("refuser", "Refuser")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez d’accorder ou de refuser."},
    )
    montant = MontantFormField(
        label="Montant accordé", required=False, help_text="Le montant demandé, ou moins : une partie seulement."
    )
    conditions = forms.CharField(
        label="Conditions", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Si vous accordez."
    )
    motif = forms.CharField(
        label="Motif",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Envoyé à la personne qui demande. Obligatoire pour un refus.",
    )

    def __init__(
        self, *args: Any, soldes: Sequence[SoldeEnveloppe], motifs: Sequence[MotifType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enveloppe"] = ChoixEnveloppe(soldes, required=False, empty_label="Choisissez une enveloppe")
        offrir_motifs(self, motifs)
        for nom in ("montant", "conditions", "enveloppe", "motif_type", "motif"):
            if nom in self.fields:
                self.fields[nom].est_conditionnel = True  # type: ignore[attr-defined]
        self.order_fields(["decision", "montant", "conditions", "enveloppe", "motif_type", "motif"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        motif = donnees.get("motif_type")
        decision = donnees.get("decision")
        if motif is not None and decision and motif.sens != SENS_DE_LA_DECISION[decision]:
            self.add_error("motif_type", AUTRE_CHOIX.format(motif.get_sens_display()))
        donnees["motif"] = composer(motif, donnees.get("motif", ""))
        if decision == "accorder":
            if not donnees.get("montant") and "montant" not in self.errors:
                self.add_error("montant", "Écrivez le montant accordé.")
            if not donnees.get("enveloppe") and "enveloppe" not in self.errors:
                self.add_error("enveloppe", "Choisissez l’enveloppe qui paiera.")
        if decision == "refuser":
            donnees["montant"] = donnees["enveloppe"] = None
            if not donnees["motif"]:
                self.add_error("motif", "Écrivez le motif du refus : la personne qui demande le recevra.")
        return donnees
