"""One process of a concurrency test: prepare Django on the given database, wait for the signal, call one function.

Started by `base_concurrente`; speaks pickles on its standard streams.
"""

import importlib
import os
import pickle
import sys
from typing import Any


def executer(fonction: Any, arguments: tuple[Any, ...]) -> bytes:
    """Return, pickled, the value, then the name and the text of the exception."""
    try:
        return pickle.dumps((fonction(*arguments), "", ""))
    except Exception as erreur:
        return pickle.dumps((None, type(erreur).__name__, str(erreur)))


def main() -> None:
    entree, sortie = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints goes to the journal, not among the pickles
    base, module, nom, arguments = pickle.load(entree)

    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = base
    django.setup()
    from django.db import connection

    fonction = getattr(importlib.import_module(module), nom)
    connection.ensure_connection()
    sortie.write(b"+")
    sortie.flush()
    entree.read(1)  # the start signal
    sortie.write(executer(fonction, arguments))
    sortie.close()
    connection.close()


if __name__ == "__main__":
    main()
