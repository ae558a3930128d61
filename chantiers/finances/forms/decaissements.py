"""Forms of payments: pay, reverse, release, tie a request to the line of the budget that it pays."""

from typing import Any

from django import forms
from django.utils import timezone

from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import Enveloppe, LigneBudgetaire
from chantiers.demandes.enums import GenreDecaissement
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.models.decaissements import MESSAGE_RECU
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import DateFormField, FichierField, MontantFormField
from demarche.socle.services.jetons import JetonField

EXPLICATIONS = {
    GenreDecaissement.PAIEMENT_DIRECT: "Paiement direct : le fiduciaire paie la facture d’un fournisseur",
    GenreDecaissement.REMBOURSEMENT: "Remboursement : quelqu’un a avancé l’argent et remet son reçu",
    GenreDecaissement.TRANSFERT: "Transfert : le porteur reçoit la somme et fait lui-même les dépenses",
}


class DecaissementForm(forms.Form):
    """One payment; a part of what is granted, or all that remains."""

    jeton = JetonField()
    genre = forms.ChoiceField(label="Comment l’argent sort", choices=EXPLICATIONS.items(), widget=forms.RadioSelect)
    montant = MontantFormField(label="Montant payé")
    date = DateFormField(label="Date du paiement")
    beneficiaire = forms.CharField(label="Payé à", max_length=160)
    libelle = forms.CharField(label="Pour", max_length=200, help_text="Par exemple : facture 214, chapiteau.")
    reference = forms.CharField(
        label="Référence",
        max_length=60,
        required=False,
        help_text="Numéro de chèque ou de virement. La personne qui demande ne le voit pas.",
    )
    recu = FichierField(
        label="Reçu ou facture",
        required=False,
        help_text="Obligatoire pour un remboursement. PDF, JPEG ou PNG, 10 Mo au plus.",
    )

    def __init__(self, data: Any = None, files: Any = None, *, demande: DemandeFonds) -> None:
        beneficiaire = demande.organisation.nom if demande.organisation else ""
        initial = {"montant": demande.montant_a_payer, "date": timezone.localdate(), "beneficiaire": beneficiaire}
        super().__init__(data, files, initial=initial)
        self.fields["montant"].widget.attrs["data-montant"] = "paiement"
        self.fields["date"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["recu"].est_conditionnel = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        sans_recu = not donnees.get("recu") and "recu" not in self.errors
        if donnees.get("genre") == GenreDecaissement.REMBOURSEMENT and sans_recu:
            self.add_error("recu", MESSAGE_RECU)
        return donnees


class AnnulationForm(forms.Form):
    """Why and when one payment is reversed."""

    motif = forms.CharField(
        label="Pourquoi l’annuler",
        max_length=250,
        help_text="Par exemple : chèque perdu, mauvais montant. La personne qui demande le lira.",
    )
    date = DateFormField(label="Date de l’annulation")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"date": timezone.localdate()})


class LiberationForm(forms.Form):
    """Why what remains will not be paid."""

    motif = forms.CharField(
        label="Pourquoi ce solde ne sera pas payé",
        max_length=250,
        help_text="Par exemple : la dépense a coûté moins cher. La personne qui demande le lira.",
    )


class LigneDeDemandeForm(forms.Form):
    """The planned expense that a request pays."""

    ligne_budgetaire = forms.ModelChoiceField(
        label="Ligne du budget",
        queryset=LigneBudgetaire.objects.none(),
        required=False,
        empty_label="Aucune : elle n’était pas prévue",
        help_text="La dépense prévue que cette demande paie : le budget compare alors le prévu à ce qui est payé.",
    )

    def __init__(self, data: Any = None, *, demande: DemandeFonds) -> None:
        super().__init__(data, initial={"ligne_budgetaire": demande.ligne_budgetaire_id})
        self.fields["ligne_budgetaire"].queryset = LigneBudgetaire.objects.filter(  # type: ignore[attr-defined]
            action_collective=demande.action_collective_id,
            exercice=demande.exercice_id,
            nature=NatureLigne.DEPENSE,
        )


class FiltreForm(forms.Form):
    """Which payments a list shows: those of an exercice, of an envelope; what cannot be read filters nothing."""

    exercice = forms.ModelChoiceField(
        label="Exercice",
        queryset=Exercice.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="Tous",
    )
    enveloppe = forms.ModelChoiceField(
        label="Enveloppe", queryset=Enveloppe.objects.order_by("nom"), required=False, empty_label="Toutes"
    )

    def choisi(self, champ: str) -> Any:
        """Return what was chosen, None for all."""
        self.is_valid()
        return self.cleaned_data.get(champ)
