"""Forms of money: budget lines, envelopes, sommes résiduelles."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms

from chantiers.actions.forms.lots import lot
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import AffectationSurplus, Enveloppe, LigneBudgetaire
from demarche.socle.champs import MontantFormField
from demarche.socle.concurrence import EmpreinteField, VersionField
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.jetons import JetonField

SANS_BAILLEUR = "Dites qui donne cet argent, ou cochez qu’il vient du surplus de la démarche."
REEL_CALCULE = (
    "Des demandes sont reliées à cette ligne : son réel est la somme de leurs paiements. Videz cette case, ou reliez "
    "d’abord ces demandes à une autre ligne."
)


class MontantSigneFormField(MontantFormField):
    """Amount that may be negative: a deficit is written with a minus sign."""

    def to_python(self, value: Any) -> Decimal | None:
        texte = str(value).strip() if value not in self.empty_values else ""
        if isinstance(value, Decimal) or not texte.startswith(("-", "−")):
            return super().to_python(value)
        positif = super().to_python(texte[1:])
        return -positif if positif is not None else None


class LigneForm(forms.ModelForm[LigneBudgetaire]):
    """One revenue or one expense; its nature is that of the group it stands in."""

    class Meta:
        model = LigneBudgetaire
        fields = ("libelle", "bailleur", "gestionnaire", "montant_prevu", "montant_reel")
        labels = {"libelle": "Description", "gestionnaire": "Qui gère les fonds", "bailleur": "Bailleur de fonds"}
        error_messages = {"libelle": {"required": "Décrivez cette ligne en quelques mots."}}

    def __init__(self, *args: Any, nature: NatureLigne, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["montant_prevu"].required = False
        self.fields["montant_prevu"].widget.attrs["data-montant"] = f"prevu-{nature}"
        self.fields["montant_reel"].widget.attrs["data-montant"] = f"reel-{nature}"
        self.instance.nature = nature
        if self.instance.pk is None:
            self.initial["montant_prevu"] = None
        if self.est_suivie:
            paye = ecrire_dollars(self.instance.paye)  # type: ignore[attr-defined]
            self.fields["montant_reel"].help_text = f"Calculé : {paye} payés sur ses demandes."
            self.fields["montant_reel"].widget.attrs["readonly"] = not self["montant_reel"].value()

    @property
    def est_suivie(self) -> bool:
        """Whether requests pay this line: the view counts them on each row."""
        return bool(getattr(self.instance, "nb_reliees", 0))

    def clean_montant_reel(self) -> Decimal | None:
        montant: Decimal | None = self.cleaned_data.get("montant_reel")
        if montant is not None and self.est_suivie:
            raise forms.ValidationError(REEL_CALCULE, code="calcule")
        return montant

    def clean_montant_prevu(self) -> Decimal:
        return self.cleaned_data.get("montant_prevu") or Decimal(0)


LigneFormSet = lot(LigneBudgetaire, LigneForm, extra=3)


class EnveloppeForm(forms.ModelForm[Enveloppe]):
    """One sum that can be granted."""

    class Meta:
        model = Enveloppe
        fields = (
            "nom",
            "est_surplus",
            "bailleur",
            "gestionnaire",
            "montant",
            "du",
            "au",
            "chantier",
            "usages",
            "conditions",
        )
        labels = {
            "gestionnaire": "Qui gère les fonds",
            "du": "Utilisable du",
            "au": "Utilisable jusqu’au",
            "est_surplus": "Cette somme vient du surplus de la démarche",
        }
        help_texts = {
            "gestionnaire": "L’organisation qui tient cet argent et fait les paiements.",
            "au": "Laissez vide s’il n’y a pas d’échéance.",
            "chantier": "",
            "usages": "Par exemple : matériel, animation, communications; pas les salaires.",
            "conditions": "Ce que le bailleur exige, en clair.",
        }
        widgets = {"usages": forms.Textarea(attrs={"rows": 3}), "conditions": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"nom": {"unique": "Une enveloppe porte déjà ce nom."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bailleur"].est_conditionnel = True  # type: ignore[attr-defined]
        self.fields["chantier"].empty_label = "Aucun : toutes les actions"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask who gives the money, unless it is the démarche's own."""
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if not donnees.get("est_surplus") and not donnees.get("bailleur") and "bailleur" not in self.errors:
            self.add_error("bailleur", SANS_BAILLEUR)
        return donnees


class EnveloppeCreationForm(EnveloppeForm):
    jeton = JetonField()


class EnveloppeModificationForm(EnveloppeForm):
    version = VersionField()


class ResultatForm(forms.Form):
    """The financial result of one exercice."""

    empreinte = EmpreinteField()
    montant = MontantSigneFormField(
        label="Surplus de l’exercice", help_text="Un déficit s’écrit avec un signe moins, par exemple -1 234,50."
    )
    source = forms.CharField(
        label="Source", max_length=200, help_text="Par exemple : états financiers au 30 juin 2024, audités."
    )
    solde_ouverture = MontantSigneFormField(
        label="De côté avant cet exercice",
        help_text="C’est le premier exercice inscrit : dites ce que la démarche avait déjà de côté, ou 0.",
    )

    def __init__(self, *args: Any, est_premier: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not est_premier:
            del self.fields["solde_ouverture"]


class AffectationForm(forms.ModelForm[AffectationSurplus]):
    """One planned use of what is set aside."""

    class Meta:
        model = AffectationSurplus
        fields = ("periode", "libelle", "montant", "precision", "enveloppe")
        labels = {"periode": "Période", "libelle": "Utilisation prévue"}
        help_texts = {"periode": "", "enveloppe": ""}
        widgets = {"precision": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "periode": {"required": "Écrivez pour quand, par exemple 2024-2025."},
            "libelle": {"required": "Écrivez à quoi servira cette somme."},
        }

    def __init__(self, *args: Any, enveloppes: Sequence[Enveloppe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["montant"].widget.attrs["data-montant"] = "affectations"
        if not enveloppes:
            del self.fields["enveloppe"]
            return
        champ = cast(forms.ModelChoiceField, self.fields["enveloppe"])  # type: ignore[type-arg]
        champ.choices = [("", "Aucune"), *((enveloppe.pk, enveloppe.nom) for enveloppe in enveloppes)]


AffectationFormSet = lot(AffectationSurplus, AffectationForm, extra=3)
