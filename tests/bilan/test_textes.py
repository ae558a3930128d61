"""Texts typed by a person: paragraphs and lists, never markup."""

import pytest
from django.template.loader import render_to_string

from evaluation.bilan.textes import Bloc, paragraphes


@pytest.mark.parametrize(
    ("texte", "blocs"),
    [
        ("", ()),
        ("  \n\n \n", ()),
        ("Un seul.", (Bloc("paragraphe", ("Un seul.",)),)),
        ("Un.\n\n\n  Deux.  ", (Bloc("paragraphe", ("Un.",)), Bloc("paragraphe", ("Deux.",)))),
        ("Une ligne,\r\nune autre.", (Bloc("paragraphe", ("Une ligne,\nune autre.",)),)),
        ("- un\n- deux", (Bloc("liste", ("un", "deux")),)),
        ("Voici :\n- un\n – deux\nFin.", (
            Bloc("paragraphe", ("Voici :",)), Bloc("liste", ("un", "deux")), Bloc("paragraphe", ("Fin.",)),
        )),
        ("-5 degrés", (Bloc("paragraphe", ("-5 degrés",)),)),
    ],
)  # fmt: skip
def test_paragraphes(texte, blocs):
    assert paragraphes(texte) == blocs


def test_markup_is_shown_as_text():
    html = render_to_string("bilan/_blocs.html", {"blocs": paragraphes("<b>gras</b>\n\n- <script>x</script>")})
    assert "<b>" not in html
    assert "<script>" not in html
    assert "&lt;b&gt;gras&lt;/b&gt;" in html
