"""The pure tally, against an oracle written another way: letters, words and fractions, never the code it judges.

A ballot is a string, one letter a seat: p(our), c(ontre), a(bstention), - (absent), r(écusé).
"""

import itertools
from fractions import Fraction

import pytest

from demarche.gouvernance.decompte import Decompte, RegleDecompte, depouiller
from demarche.gouvernance.enums import Choix, Issue, RegleMajorite, RegleQuorum

CHOIX = {"p": Choix.POUR, "c": Choix.CONTRE, "a": Choix.ABSTENTION}
MOITIE, DEUX_TIERS = Fraction(1, 2), Fraction(2, 3)
QUORUMS = [(q, None) for q in RegleQuorum if q != RegleQuorum.NOMBRE] + [("nombre", n) for n in range(1, 8)]
REGLES = [
    RegleDecompte(RegleQuorum(quorum), RegleMajorite(majorite), nombre)
    for (quorum, nombre), majorite in itertools.product(QUORUMS, RegleMajorite)
]


def depouiller_lettres(bulletins, regle=None):
    return depouiller(
        [CHOIX[lettre] for lettre in bulletins if lettre in CHOIX],
        nb_electeurs=len(bulletins),
        nb_recusations=bulletins.count("r"),
        regle=regle,
    )


# The oracle.


def quorum_lent(bulletins, quorum, nombre):
    """Return whether enough seats took part, reading the rule as a sentence."""
    appeles = [lettre for lettre in bulletins if lettre != "r"]
    votants = [lettre for lettre in appeles if lettre != "-"]
    if not votants:
        return False
    return {
        "majorite": Fraction(len(votants), len(appeles)) > MOITIE,
        "majorite_pourvus": Fraction(len(votants), len(bulletins)) > MOITIE,
        "nombre": len(votants) >= (nombre or 0),
        "tous": "-" not in appeles,
        "aucun": True,
    }[quorum]


def majorite_lente(bulletins, majorite):
    """Return whether those who took part adopt, reading the rule as a sentence."""
    votants = "".join(sorted(lettre for lettre in bulletins if lettre in "pca"))
    tranches = votants.replace("a", "")
    if "p" not in tranches:
        return False
    if majorite == "simple":
        restants = list(tranches)
        while "p" in restants and "c" in restants:  # each contre cancels a pour
            restants.remove("p")
            restants.remove("c")
        return "p" in restants
    if majorite == "absolue":
        return Fraction(votants.count("p"), len(votants)) > MOITIE
    if majorite == "deux_tiers":
        return Fraction(tranches.count("p"), len(tranches)) >= DEUX_TIERS
    if majorite == "unanimite":
        return "c" not in tranches
    return set(bulletins) <= {"p", "r"}  # tous_pour


def issue_lente(bulletins, regle):
    if not quorum_lent(bulletins, str(regle.quorum), regle.nombre):
        return "sans_quorum"
    return "adoptee" if majorite_lente(bulletins, str(regle.majorite)) else "rejetee"


@pytest.mark.regle("R5")
def test_every_ballot_of_seven_seats_agrees_with_the_oracle():
    ordinaires = [RegleDecompte(majorite=majorite) for majorite in RegleMajorite]
    for lettres in itertools.product("pca", repeat=7):
        bulletins = "".join(lettres)
        for regle in ordinaires:
            assert depouiller_lettres(bulletins, regle).issue == issue_lente(bulletins, regle), (bulletins, regle)


@pytest.mark.regle("R4", "R5")
def test_every_ballot_of_five_seats_with_absences_and_recusals_agrees_with_the_oracle():
    for lettres in itertools.product("pca-r", repeat=5):
        bulletins = "".join(lettres)
        assert depouiller_lettres(bulletins).issue == issue_lente(bulletins, RegleDecompte()), bulletins


@pytest.mark.regle("R5")
def test_every_rule_agrees_with_the_oracle_on_every_count_up_to_seven_seats():
    for nb in range(1, 8):
        for lettres in itertools.combinations_with_replacement("pca-r", nb):
            bulletins = "".join(lettres)
            for regle in REGLES:
                assert depouiller_lettres(bulletins, regle).issue == issue_lente(bulletins, regle), (bulletins, regle)


@pytest.mark.regle("R5")
def test_order_of_the_ballots_changes_nothing():
    for bulletins in ("pcapc-r", "ppccaa-", "rrppc--"):
        issues = {depouiller_lettres("".join(ordre)).issue for ordre in itertools.permutations(bulletins)}
        assert len(issues) == 1


@pytest.mark.regle("R5")
def test_ballot_is_complete_when_nobody_is_left_or_the_quorum_is_out_of_reach():
    for nb in range(1, 8):
        for lettres in itertools.combinations_with_replacement("pca-r", nb):
            bulletins = "".join(lettres)
            for regle in REGLES:
                accessible = quorum_lent(bulletins.replace("-", "p"), str(regle.quorum), regle.nombre)
                decompte = depouiller_lettres(bulletins, regle)
                assert decompte.quorum_possible == accessible, (bulletins, regle)
                assert decompte.est_complet == ("-" not in bulletins or not accessible), (bulletins, regle)


@pytest.mark.regle("R5")
def test_ballot_out_of_reach_of_its_quorum_never_adopts():
    for nb in range(1, 8):
        for lettres in itertools.combinations_with_replacement("pca-r", nb):
            for regle in REGLES:
                decompte = depouiller_lettres("".join(lettres), regle)
                assert decompte.quorum_possible or decompte.issue == Issue.SANS_QUORUM


@pytest.mark.regle("R5")
def test_count_of_a_room_agrees_with_the_oracle():
    """Whoever is there without raising a hand counts in the quorum, and in nothing else."""
    for pour, contre, abstentions, muets, recuses in itertools.product(
        range(4), range(4), range(2), range(3), range(3)
    ):
        votes, autres = "p" * pour + "c" * contre + "a" * abstentions, "-" * 2 + "r" * recuses
        for regle in REGLES:
            decompte = Decompte(
                nb_electeurs=len(votes) + muets + len(autres),
                nb_recusations=recuses,
                nb_pour=pour,
                nb_contre=contre,
                nb_abstentions=abstentions,
                nb_presents=len(votes) + muets,
                regle=regle,
            )
            presents = quorum_lent(votes + "a" * muets + autres, str(regle.quorum), regle.nombre)
            adopte = majorite_lente(votes + "-" * muets + autres, str(regle.majorite))
            attendue = ("adoptee" if adopte else "rejetee") if votes and presents else "sans_quorum"
            assert decompte.issue == attendue, (decompte,)


# Each rule, on both sides of its boundary.


@pytest.mark.regle("R5")
@pytest.mark.parametrize(
    ("quorum", "nombre", "sans", "avec"),
    [
        ("majorite", None, "ppp----", "pppp---"),  # 3 of 7, 4 of 7
        ("majorite", None, "ppp---", "pppp--"),  # exactly half of 6, more than half
        ("majorite", None, "pp--rrr", "ppp--rr"),  # recusals leave the denominator: 2 of 4, 3 of 5
        ("majorite", None, "rrrrrrr", "prrrrrr"),
        ("majorite_pourvus", None, "ppp--rr", "pppp-rr"),  # recusals stay in the denominator: 3 of 7, 4 of 7
        ("majorite_pourvus", None, "ppprrrr", "pppprrr"),
        ("nombre", 5, "pppp---", "ppppp--"),
        ("nombre", 1, "-------", "p------"),
        ("nombre", 7, "pppppp-", "ppppppp"),
        ("tous", None, "pppppp-", "ppppppp"),
        ("tous", None, "ppppp-r", "ppppppr"),
        ("aucun", None, "-------", "p------"),
    ],
)
def test_quorum_on_both_sides(quorum, nombre, sans, avec):
    regle = RegleDecompte(RegleQuorum(quorum), nombre=nombre)
    assert [depouiller_lettres(b, regle).issue for b in (sans, avec)] == [Issue.SANS_QUORUM, Issue.ADOPTEE]


@pytest.mark.regle("R5")
@pytest.mark.parametrize(
    ("majorite", "rejetee", "adoptee"),
    [
        ("simple", "pppccca", "ppppccc"),  # a tie is not adoption
        ("simple", "aaaaaaa", "paaaaaa"),  # abstaining takes part, and adopts nothing
        ("absolue", "pppaacc", "ppppccc"),  # 3 of 7, 4 of 7, abstentions included
        ("absolue", "pppaaa", "ppppaa"),  # exactly half of 6
        ("deux_tiers", "pppcc--", "ppppcc-"),  # 3 of 5, 4 of 6
        ("deux_tiers", "ppppccc", "pppcaa-"),  # 4 of 7; 3 of 4, abstentions left out
        ("unanimite", "ppppppc", "ppppppa"),
        ("unanimite", "aaaaaaa", "paaaaaa"),
        ("tous_pour", "ppppppa", "ppppppp"),
        ("tous_pour", "pppppp-", "ppppppr"),  # an absence prevents, a recusal does not
    ],
)
def test_majority_on_both_sides(majorite, rejetee, adoptee):
    regle = RegleDecompte(majorite=RegleMajorite(majorite))
    assert [depouiller_lettres(b, regle).issue for b in (rejetee, adoptee)] == [Issue.REJETEE, Issue.ADOPTEE]


@pytest.mark.regle("R5")
def test_written_resolution_needs_every_signature():
    signee = RegleDecompte(RegleQuorum.TOUS, RegleMajorite.TOUS_POUR)
    issues = [depouiller_lettres(b, signee).issue for b in ("ppppppp", "ppppppc", "pppppp-", "ppppprr")]
    assert issues == [Issue.ADOPTEE, Issue.REJETEE, Issue.SANS_QUORUM, Issue.ADOPTEE]


@pytest.mark.regle("R5")
def test_quorum_is_never_less_than_one():
    assert depouiller_lettres("rrr").quorum == 1
    assert depouiller_lettres("---", RegleDecompte(RegleQuorum.AUCUN)).quorum == 1


@pytest.mark.regle("R5")
def test_without_a_rule_the_default_one_counts():
    assert depouiller_lettres("ppp").regle == RegleDecompte(RegleQuorum.MAJORITE, RegleMajorite.SIMPLE)
