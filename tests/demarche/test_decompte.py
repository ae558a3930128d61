import itertools

import pytest

from demarche.decompte import depouiller
from demarche.enums import Choix, Issue

POUR, CONTRE, ABSTENTION = Choix.POUR, Choix.CONTRE, Choix.ABSTENTION


@pytest.mark.parametrize(
    ("choix", "electeurs", "recusations", "issue"),
    [
        ([POUR] * 4, 7, 0, Issue.ADOPTEE),
        ([POUR] * 3, 7, 0, Issue.SANS_QUORUM),  # 3 of 7 is not more than half
        ([POUR] * 3 + [CONTRE], 7, 0, Issue.ADOPTEE),
        ([POUR, POUR, CONTRE, CONTRE], 7, 0, Issue.REJETEE),  # a tie is not adoption
        ([ABSTENTION] * 4, 7, 0, Issue.REJETEE),  # abstaining takes part, and adopts nothing
        ([POUR, ABSTENTION, ABSTENTION, ABSTENTION], 7, 0, Issue.ADOPTEE),
        ([POUR] * 3, 6, 0, Issue.SANS_QUORUM),  # exactly half
        ([POUR] * 3, 7, 2, Issue.ADOPTEE),  # recusals leave the denominator: 3 of 5
        ([POUR] * 2, 7, 3, Issue.SANS_QUORUM),  # 2 of 4
        ([POUR], 7, 6, Issue.ADOPTEE),
        ([], 7, 7, Issue.SANS_QUORUM),
        ([], 1, 0, Issue.SANS_QUORUM),
    ],
)
def test_issue(choix, electeurs, recusations, issue):
    assert depouiller(choix, nb_electeurs=electeurs, nb_recusations=recusations).issue == issue


def issue_lente(bulletins):
    """Slow oracle: seat by seat, in words; None is an absence, « r » a recusal."""
    presents = [b for b in bulletins if b != "r"]
    votants = [b for b in presents if b is not None]
    if len(votants) * 2 <= len(presents):
        return Issue.SANS_QUORUM
    balance = 0
    for vote in votants:
        balance += {POUR: 1, CONTRE: -1}.get(vote, 0)
    return Issue.ADOPTEE if balance > 0 else Issue.REJETEE


def test_issue_agrees_with_oracle_on_every_ballot_of_five_seats():
    for bulletins in itertools.product([POUR, CONTRE, ABSTENTION, None, "r"], repeat=5):
        decompte = depouiller(
            [b for b in bulletins if b in Choix.values],
            nb_electeurs=5,
            nb_recusations=bulletins.count("r"),
        )
        assert decompte.issue == issue_lente(bulletins), bulletins


def test_est_complet_when_nobody_is_left():
    assert depouiller([POUR, CONTRE], nb_electeurs=3, nb_recusations=1).est_complet
    assert not depouiller([POUR], nb_electeurs=3, nb_recusations=1).est_complet
