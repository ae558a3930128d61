"""How often one thing may be asked: a count in the shared cache, by window of time."""

import hashlib
import time

from django.core.cache import cache


def limiter(cle: str, *, nb: int, secondes: int) -> bool:
    """Count one more time under this key and return whether it is still within `nb` in the current window.

    The key is kept as a fingerprint: neither an address nor an e-mail stays readable in the cache.
    """
    fenetre = int(time.time()) // secondes
    empreinte = hashlib.sha256(f"{cle}:{secondes}:{fenetre}".encode()).hexdigest()
    fois = int(cache.get(f"limite-{empreinte}", 0)) + 1
    cache.set(f"limite-{empreinte}", fois, timeout=secondes)
    return fois <= nb
