"""Forms of a request brought to a meeting: on which agenda, and what the room decided."""

from collections.abc import Sequence
from typing import Any

from django import forms

from chantiers.demandes.forms.decisions import ChoixEnveloppe
from chantiers.demandes.forms.motifs import composer, offrir_motifs
from chantiers.demandes.models import DemandeFonds, MotifType
from chantiers.demandes.queries.engagements import SoldeEnveloppe
from demarche.rencontres.forms.points import ChoixRencontre
from demarche.rencontres.forms.votes import PROPOSEURS, VoteSalleForm
from demarche.socle.champs import MontantFormField
from demarche.socle.concurrence import VersionField


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
