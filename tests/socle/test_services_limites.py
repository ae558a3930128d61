"""How often one thing may be asked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from demarche.socle.services.limites import limiter


def test_limite_counts_by_key_and_by_window(horloge):
    assert [limiter("a", nb=2, secondes=60) for _ in range(3)] == [True, True, False]
    assert limiter("b", nb=2, secondes=60)
    horloge.shift(60)
    assert limiter("a", nb=2, secondes=60)


def test_limite_holds_when_all_ask_at_once(horloge):
    depart = Barrier(20)

    def demander(_):
        depart.wait()
        return limiter("tous", nb=5, secondes=60)

    with ThreadPoolExecutor(20) as tous:
        assert sum(tous.map(demander, range(20))) == 5
