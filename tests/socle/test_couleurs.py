"""The colour of the démarche stays legible whatever was chosen."""

import pytest

from demarche.socle.couleurs import (
    CONTRASTE_MINIMAL,
    PAPIER_FONCE,
    contraste,
    couleur_lisible,
    ecrire_couleur,
    lire_couleur,
    pale,
)


def test_contraste_is_21_between_black_and_white():
    assert round(contraste((0, 0, 0), (255, 255, 255)), 2) == 21


def test_dark_colour_is_kept():
    assert ecrire_couleur(couleur_lisible("#1f4e5f")) == "#1f4e5f"


@pytest.mark.parametrize("choisie", ["#ffffff", "#f3efe5", "#e0a23a", "#ffff00", "#767676", "#d6336c"])
def test_pale_colour_is_darkened_until_legible(choisie):
    assert contraste(lire_couleur(choisie), PAPIER_FONCE) < CONTRASTE_MINIMAL
    lisible = couleur_lisible(choisie)
    assert contraste(lisible, PAPIER_FONCE) >= CONTRASTE_MINIMAL
    assert contraste(lisible, pale(lisible)) >= CONTRASTE_MINIMAL
    assert contraste(lisible, (255, 255, 255)) >= CONTRASTE_MINIMAL
