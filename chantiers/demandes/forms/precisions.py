"""Forms of a question on a request and of its answer: they only parse."""

from collections.abc import Sequence
from typing import Any

from django import forms

from chantiers.demandes.forms.decisions import ChoixMotif, composer
from chantiers.demandes.forms.redaction import DemandeForm
from chantiers.demandes.models import MotifType
from demarche.socle.champs import DateFormField, FichierField
from demarche.socle.concurrence import VersionField


class QuestionForm(forms.Form):
    """What the coordination asks before going on."""

    version = VersionField(required=False)
    question = forms.CharField(
        label="Votre question",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Envoyée telle quelle à la personne qui demande.",
    )
    avant_le = DateFormField(
        label="Réponse attendue avant la fin du",
        help_text="Un rappel part trois jours avant. Passé ce jour, la demande expire; elle peut revenir.",
    )

    def __init__(self, *args: Any, motifs: Sequence[MotifType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if motifs:
            self.fields["motif_type"] = ChoixMotif(
                motifs, aucun="Aucune : j’écris la mienne", label="Question toute prête", required=False
            )
        self.fields["question"].est_conditionnel = True  # type: ignore[attr-defined]
        self.order_fields(["motif_type", "question", "avant_le"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        donnees["question"] = composer(donnees.get("motif_type"), donnees.get("question", ""))
        if not donnees["question"]:
            self.add_error("question", "Écrivez votre question, ou choisissez-en une toute prête.")
        return donnees


class ReponseForm(DemandeForm):
    """The answer to a question of the coordination, with the request itself and one more file."""

    reponse = forms.CharField(
        label="Votre réponse",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez votre réponse."},
    )
    titre_piece = forms.CharField(label="Titre du document", max_length=160, required=False)
    piece = FichierField(label="Document à joindre", required=False)

    def piece_jointe(self) -> tuple[str, Any] | None:
        """Return the title and the file, None without a file; a file without title keeps its own name."""
        fichier = self.cleaned_data.get("piece")
        return (self.cleaned_data["titre_piece"] or str(fichier.name)[:160], fichier) if fichier else None
