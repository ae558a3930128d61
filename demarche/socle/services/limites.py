"""How often one thing may be asked: places taken in the shared cache, by window of time."""

import hashlib
import time

from django.core.cache import cache


def limiter(cle: str, *, nb: int, secondes: int) -> bool:
    """Take one of the `nb` places of this key in the current window, and return whether there was one left.

    The key is kept as a fingerprint: neither an address nor an e-mail stays readable in the cache.
    """
    fenetre = int(time.time()) // secondes
    empreinte = hashlib.sha256(f"{cle}:{secondes}:{fenetre}".encode()).hexdigest()
    places = [f"limite-{empreinte}-{rang}" for rang in range(nb)]
    prises = cache.get_many(places)
    # `add` alone is atomic in every cache: in the database one, `incr` reads, then writes, and forgets the window.
    return any(cache.add(place, True, timeout=secondes) for place in places if place not in prises)
