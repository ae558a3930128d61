"""Several rows edited on one page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from demarche.socle.champs import MontantFormField


class BaseLotFormSet(forms.BaseModelFormSet):  # type: ignore[type-arg]
    """Rows that exist, then a few empty ones; gives the rows to save and the rows to take away."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"
        form.fields["id"].error_messages["invalid_choice"] = (
            "Cette ligne a été retirée entre-temps par quelqu’un d’autre : rechargez la page."
        )

    def lignes(self) -> list[Any]:
        """Return the rows that were filled or changed."""
        return [form.instance for form in self.forms if form.has_changed() and not self._est_retiree(form)]

    def retirees(self) -> list[Any]:
        """Return the existing rows that the person took away."""
        return [form.instance for form in self.deleted_forms if form.instance.pk]

    def total(self, champ: str) -> Decimal:
        """Return the sum of one amount over the rows as they are shown, what cannot be read counting for zero."""
        return sum((self._montant(form, champ) for form in self.forms), Decimal(0))

    def _montant(self, form: Any, champ: str) -> Decimal:
        if self.is_bound and self._est_retiree(form):
            return Decimal(0)
        try:
            return MontantFormField(required=False).to_python(form[champ].value()) or Decimal(0)
        except ValidationError:
            return Decimal(0)

    def _est_retiree(self, form: Any) -> bool:
        """Whether the row was ticked for deletion, asked before or after validation."""
        return bool(form["DELETE"].value())


def lot(modele: Any, formulaire: Any, *, extra: int = 2) -> Any:
    """Return a formset class over one model, with « Retirer » on each row."""
    return forms.modelformset_factory(
        modele, form=formulaire, formset=BaseLotFormSet, extra=extra, can_delete=True, max_num=200, validate_max=True
    )
