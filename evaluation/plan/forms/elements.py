"""What the forms of the plan share: a number typed in Québec, a token on what is created."""

from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from demarche.socle.champs import MontantFormField
from demarche.socle.services.jetons import JetonField
from evaluation.plan.valeurs import ecrire_valeur

M = TypeVar("M", bound=models.Model)


class NombreFormField(MontantFormField):
    """Number typed by a person, `15` or `1 234,5`; zero or more, two decimals at most."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        try:
            return super().to_python(value)
        except ValidationError as erreur:
            messages = {
                "negatif": "Ce nombre ne peut pas être négatif.",
                "forme": "Écrivez un nombre en chiffres, par exemple 15 ou 1 234,5.",
                "maximum": "Ce nombre est trop grand\u00a0: dix chiffres au plus avant la virgule.",
            }
            raise ValidationError(messages.get(erreur.code or "", erreur.messages[0]), code=erreur.code) from erreur

    def prepare_value(self, value: Any) -> Any:
        return ecrire_valeur(value) if isinstance(value, Decimal) else value


class ElementForm(forms.ModelForm[M]):
    """Form of one row; when it creates, a one-time token keeps a double click from making two."""

    jeton = JetonField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["jeton"]
