"""One process of the concurrency tests: prepare Django on the given database, then do one batch of calls at a time.

Started by `base_concurrente`; speaks pickles on its standard streams. The calls of one batch run in threads, each with
its own connection, released together by the start signal.
"""

import importlib
import os
import pickle
import struct
import sys
import threading
from typing import Any


def executer(fonction: Any, arguments: tuple[Any, ...]) -> bytes:
    """Return, pickled, the value, then the name and the text of the exception."""
    try:
        return pickle.dumps((fonction(*arguments), "", ""))
    except Exception as erreur:
        return pickle.dumps((None, type(erreur).__name__, str(erreur)))


def faire(fonction: Any, lot: list[tuple[Any, ...]], entree: Any, sortie: Any) -> list[bytes]:
    """Call the function once per tuple of arguments, all at the start signal."""
    from django.db import connection

    rendus: list[bytes] = [b""] * len(lot)
    prets, depart = threading.Barrier(len(lot) + 1), threading.Event()

    def un_appel(rang: int) -> None:
        try:
            connection.ensure_connection()
        finally:
            prets.wait()
        depart.wait()
        rendus[rang] = executer(fonction, lot[rang])
        connection.close()

    fils = [threading.Thread(target=un_appel, args=(rang,)) for rang in range(len(lot))]
    for fil in fils:
        fil.start()
    prets.wait()
    sortie.write(b"+")
    sortie.flush()
    entree.read(1)  # the start signal
    depart.set()
    for fil in fils:
        fil.join()
    return rendus


def main() -> None:
    entree, sortie = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints goes to the journal, not among the pickles
    base = pickle.load(entree)

    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = base
    django.setup()
    while True:
        try:
            module, nom, lot = pickle.load(entree)
        except EOFError:
            return
        rendus = pickle.dumps(faire(getattr(importlib.import_module(module), nom), lot, entree, sortie))
        sortie.write(struct.pack("!I", len(rendus)) + rendus)
        sortie.flush()


if __name__ == "__main__":
    main()
