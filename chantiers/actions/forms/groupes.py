"""Forms whose fields are shown in plain-language groups."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms


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
