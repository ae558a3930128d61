"""The data of a document as it was adopted or published: what the database keeps of it as JSON."""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any


def vers_json(objet: Any) -> Any:
    """Return the dataclasses as JSON values: exact amounts as text, days, hours and instants as ISO text."""
    if dataclasses.is_dataclass(objet) and not isinstance(objet, type):
        return {champ.name: vers_json(getattr(objet, champ.name)) for champ in dataclasses.fields(objet)}
    if isinstance(objet, (tuple, list)):
        return [vers_json(element) for element in objet]
    if isinstance(objet, Decimal):
        return str(objet)
    if isinstance(objet, (datetime.date, datetime.time)):
        return objet.isoformat()
    return objet
