"""Forms that put a request to the vote: a remote ballot, an agenda, what a meeting decided. They only parse."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from chantiers.demandes.forms.decisions import ChoixEnveloppe, composer, offrir_motifs
from chantiers.demandes.models import DemandeFonds, MotifType
from chantiers.demandes.queries.engagements import SoldeEnveloppe
from demarche.rencontres.forms.points import ChoixRencontre
from demarche.rencontres.forms.votes import PROPOSEURS, VoteSalleForm
from demarche.socle.champs import DateFormField, MontantFormField
from demarche.socle.concurrence import VersionField


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


class OrdreDuJourForm(forms.Form):
    """On the agenda of which meeting."""

    def __init__(self, *args: Any, rencontres: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rencontre"] = ChoixRencontre(
            queryset=rencontres, label="Rencontre", empty_label="Choisir une rencontre"
        )


class DecisionRencontreForm(VoteSalleForm):
    """What was put to the vote of the room, and its answer."""

    version = VersionField(required=False)
    montant = MontantFormField(
        label="Montant mis aux voix", required=False, help_text="Vide : le montant demandé. Moins : une partie."
    )
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Elles font partie du texte voté, puis de la décision.",
    )
    motif = forms.CharField(
        label="Motif",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce que la rencontre a retenu. Envoyé à la personne qui demande, avec le compte des voix.",
    )

    def __init__(
        self,
        *args: Any,
        demande: DemandeFonds,
        soldes: Sequence[SoldeEnveloppe],
        motifs: Sequence[MotifType] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offrir_motifs(self, motifs)
        self.fields["montant"].initial = demande.montant_demande
        enveloppe = ChoixEnveloppe(soldes, required=False, empty_label="Choisissez une enveloppe")
        enveloppe.help_text = "Obligatoire si la demande est adoptée."
        enveloppe.est_conditionnel = True  # type: ignore[attr-defined]
        self.fields["enveloppe"] = enveloppe
        self.order_fields(
            ["montant", "conditions", "enveloppe", *PROPOSEURS, *self.noms_du_vote, "motif_type", "motif"]
        )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        motif_type = donnees.get("motif_type")
        donnees["sens"] = motif_type.sens if motif_type else ""
        donnees["motif"] = composer(motif_type, donnees.get("motif", ""))
        return donnees
