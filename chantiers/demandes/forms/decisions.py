"""Forms of the decisions on a request and of the library of reasons: they only parse."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import MotifType
from chantiers.demandes.queries.engagements import SoldeEnveloppe
from chantiers.demandes.services.decisions import AUTRE_CHOIX
from demarche.socle.champs import MontantFormField
from demarche.socle.concurrence import VersionField
from demarche.socle.francais import ecrire_dollars


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


SENS_DE_LA_DECISION = {"accorder": SensMotif.ACCORD, "refuser": SensMotif.REFUS}


class ChoixEnveloppe(forms.ModelChoiceField[Enveloppe]):
    """Envelope with what it has left beside its name."""

    def __init__(self, soldes: Sequence[SoldeEnveloppe], **kwargs: Any) -> None:
        self.disponibles = {solde.enveloppe.pk: solde.disponible for solde in soldes}
        super().__init__(queryset=Enveloppe.objects.filter(pk__in=self.disponibles), label="Enveloppe", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} (disponible : {ecrire_dollars(self.disponibles[obj.pk])})"


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
