"""Forms whose fields are shown in plain-language groups."""

from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict


class FormulaireGroupe(forms.BaseForm):
    """Mixin: `GROUPES` names the fields of each group; a field that the form lost is left out."""

    GROUPES: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    EN_LIGNE: ClassVar[dict[str, str]] = {}  # title of a group -> class of the line its fields share

    def groupes(self) -> Iterator[tuple[str, list[Any], str]]:
        """Yield (title, fields, class of their line or ""), in reading order, without the groups left empty."""
        for titre, noms in self.GROUPES:
            champs = [self[nom] for nom in noms if nom in self.fields]
            if champs:
                yield titre, champs, self.EN_LIGNE.get(titre, "")


def refuser(form: forms.BaseForm, erreur: ValidationError, **actuels: Any) -> None:
    """Show on a form why the service refused, and keep what was typed.

    `actuels` are the hidden fields (version, empreinte) as they are now: once told, the person may save again.
    """
    if hasattr(erreur, "error_dict"):
        for champ, liste in erreur.error_dict.items():
            form.add_error(champ if champ in form.fields else None, liste)
    else:
        form.add_error(None, erreur)
    donnees = cast(QueryDict, form.data).copy()
    for champ, valeur in actuels.items():
        donnees[form.add_prefix(champ)] = str(valeur)
    form.data = donnees
