"""Texts typed by a person, read as paragraphs and lists: one reading for the screen and for the PDF.

Nothing here is HTML: what reads the blocks writes them through a template, which escapes them.
"""

import re
from dataclasses import dataclass
from typing import Literal

PUCE = re.compile(r"\s*[-–—•*]\s+(?P<texte>\S.*)")


@dataclass(frozen=True)
class Bloc:
    """One block of a text: a paragraph (a single item, its own line breaks kept) or a list (one item a bullet)."""

    kind: Literal["paragraphe", "liste"]
    items: tuple[str, ...]


def paragraphes(texte: str) -> tuple[Bloc, ...]:
    """Return the blocks of a text: an empty line separates paragraphs, « - » at the head of a line makes a bullet.

    Shape:  the text's own order; no empty block. A paragraph's item may hold line breaks (`|linebreaksbr`).
    Markup: none; a tag typed by a person is plain text, to be escaped where it is written.
    """
    blocs: list[Bloc] = []
    for morceau in re.split(r"\n\s*\n", texte.replace("\r\n", "\n").replace("\r", "\n")):
        blocs.extend(_blocs_du_morceau(morceau))
    return tuple(blocs)


def _blocs_du_morceau(morceau: str) -> list[Bloc]:
    """Return the blocks of lines that no empty line separates: runs of bullets and runs of plain lines."""
    blocs: list[Bloc] = []
    simples: list[str] = []
    puces: list[str] = []

    def vider() -> None:
        if simples:
            blocs.append(Bloc("paragraphe", ("\n".join(simples),)))
            simples.clear()
        if puces:
            blocs.append(Bloc("liste", tuple(puces)))
            puces.clear()

    for ligne in morceau.split("\n"):
        propre = " ".join(ligne.split())
        if not propre:
            continue
        puce = PUCE.fullmatch(ligne)
        if puce:
            if simples:
                vider()
            puces.append(" ".join(puce["texte"].split()))
        else:
            if puces:
                vider()
            simples.append(propre)
    vider()
    return blocs
