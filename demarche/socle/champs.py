"""Fields that read what people give in Québec: amounts, dates, files. Model fields and their form fields."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from demarche.socle import fichiers
from demarche.socle.francais import MOIS, ecrire_nombre

CENT = Decimal("0.01")
MONTANT_MAXIMAL = Decimal("9999999999.99")
ESPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007]+")
FORME_MONTANT = re.compile(r"\d+([.,]\d{1,2})?")
DATE_LONGUE = re.compile(r"(\d{1,2}|1er)\s+([a-zéû]+)\s+(\d{4})")
HEURE = re.compile(r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?(?::00)?")


def arrondir(montant: Decimal) -> Decimal:
    """Return the amount rounded to the cent, half up: the only rounding of the application."""
    return montant.quantize(CENT, rounding=ROUND_HALF_UP)


def lire_montant(texte: str) -> Decimal:
    """Return the amount a person typed: `1 234,50`, `1234.50`, `1 234,50 $`, with any kind of space.

    Unit:   CAD, two decimals, zero or more.
    Errors: ValidationError, a French sentence, for a sign, letters, three decimals or more than ten digits.
    """
    brut = ESPACES.sub("", texte).removesuffix("$")
    if brut.startswith("-") and FORME_MONTANT.fullmatch(brut[1:]):
        raise ValidationError("Le montant ne peut pas être négatif.", code="negatif")
    if not FORME_MONTANT.fullmatch(brut) or not brut.isascii():
        if re.fullmatch(r"\d+[.,]\d{3,}", brut):
            raise ValidationError(
                "Écrivez au plus deux chiffres après la virgule, par exemple 1 234,50.", code="decimales"
            )
        raise ValidationError("Écrivez un montant en chiffres, par exemple 1 234,50.", code="forme")
    montant = Decimal(brut.replace(",", "."))
    if montant > MONTANT_MAXIMAL:
        raise ValidationError("Ce montant est trop grand : dix chiffres au plus avant la virgule.", code="maximum")
    return arrondir(montant)


class MontantFormField(forms.Field):
    """Amount typed by a person; cleans to a Decimal in CAD, or None when empty and not required."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "champ-montant"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        return value if isinstance(value, Decimal) else lire_montant(str(value))

    def prepare_value(self, value: Any) -> Any:
        return ecrire_nombre(value, decimales=2) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class MontantField(models.DecimalField):  # type: ignore[type-arg]
    """Amount in CAD, two decimals, never negative.

    SQLite computes sums in floating point: as the `output_field` of a sum, this field gives them back in cents.
    """

    default_validators = [MinValueValidator(Decimal(0), "Le montant ne peut pas être négatif.")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value.quantize(CENT) if isinstance(value, Decimal) else value

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": MontantFormField, **kwargs})


class DateFormField(forms.DateField):
    """Date typed or picked: `2024-05-08` or `8 mai 2024`; anything that could be read two ways is refused."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": "Écrivez la date comme 2024-05-08 ou 8 mai 2024 : une date comme 02/01/2026 peut se lire "
        "de deux façons.",
    }

    def to_python(self, value: Any) -> datetime.date | None:
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        texte = value.strip().lower()
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", texte):
                return datetime.date.fromisoformat(texte)
            longue = DATE_LONGUE.fullmatch(texte)
            if longue and longue[2] in MOIS:
                return datetime.date(int(longue[3]), MOIS.index(longue[2]) + 1, int(longue[1].removesuffix("er")))
        except ValueError as erreur:
            raise ValidationError("Cette date n’existe pas au calendrier.", code="invalid") from erreur
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class DateField(models.DateField):  # type: ignore[type-arg]
    """Date whose form field refuses the ambiguous."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": DateFormField, **kwargs})


class HeureFormField(forms.TimeField):
    """Time typed or picked: `14:30`, `14 h 30`, `9 h`."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    default_error_messages = {"invalid": "Écrivez l’heure comme 14:30 ou 14 h 30."}

    def to_python(self, value: Any) -> datetime.time | None:
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        lue = HEURE.fullmatch(value.strip().lower())
        return super().to_python(f"{lue[1]}:{lue[2] or '00'}" if lue else "illisible")


class FichierField(forms.FileField):
    """One file to keep, checked by its content; give it to `deposer_document`.

    `images_seulement` accepts photos only.
    """

    def __init__(self, *, images_seulement: bool = False, **kwargs: Any) -> None:
        self.types = fichiers.IMAGES if images_seulement else fichiers.TYPES
        formes = "JPEG ou PNG" if images_seulement else fichiers.FORMES_ACCEPTEES
        kwargs.setdefault("help_text", f"{formes}, 10 Mo au plus.")
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = fichiers.accept_de(self.types)

    def to_python(self, data: Any) -> "File[bytes] | None":
        if data in self.empty_values:
            return None
        fichiers.verifier(data, self.types)
        return super().to_python(data)


def lendemain(jour: datetime.date) -> datetime.datetime:
    """Return the first instant of the next day, here."""
    return timezone.make_aware(datetime.datetime.combine(jour + datetime.timedelta(days=1), datetime.time.min))
