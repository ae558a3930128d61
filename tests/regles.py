"""The rules of docs/regles.md, and the tests that carry the marker `regle`: both read as text, nothing is run.

`.venv/bin/python -m tests.regles` writes docs/epreuves.md again; tests/test_architecture.py says when it is late.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RACINE = Path(__file__).parents[1]
REGLES = RACINE / "docs" / "regles.md"
EPREUVES = RACINE / "docs" / "epreuves.md"

TITRE = re.compile(r"^#{3,4} (R\d+(?:\.\d+)?) (.+)$", re.MULTILINE)
CHAMP = re.compile(r"^- \*\*(.+?)\*\* :\s", re.MULTILINE)
ENTETE = """# Les épreuves de chaque règle

Tous les tests qui portent le marqueur `regle`, règle par règle. Cette page s’écrit par
`.venv/bin/python -m tests.regles`; on ne la modifie pas à la main. Ce que dit chaque règle : [regles.md](regles.md).
"""


@dataclass(frozen=True)
class Regle:
    """One rule of docs/regles.md: a whole one, or one part of a rule that is several."""

    numero: str  # R2, R5.1
    titre: str
    texte: str
    champs: dict[str, str]  # by their label: Source, Tenue par, Épreuve…

    @property
    def racine(self) -> str:
        """Return the number that a test carries: R5 for R5.1."""
        return self.numero.split(".")[0]

    @property
    def nb_mots(self) -> int:
        return sum(1 for mot in self.texte.split() if any(signe.isalnum() for signe in mot))

    def cites(self, champ: str) -> list[str]:
        """Return what a field names between backticks."""
        return re.findall(r"`([^`]+)`", self.champs.get(champ, ""))


def lire_regles() -> list[Regle]:
    """Return every heading of the rule book in its order; a rule told in parts has neither text nor fields itself."""
    _, *morceaux = TITRE.split(REGLES.read_text())
    regles = []
    for numero, titre, corps in zip(morceaux[::3], morceaux[1::3], morceaux[2::3], strict=True):
        texte, *champs = CHAMP.split(re.split(r"^## ", corps, flags=re.MULTILINE)[0])
        regles.append(Regle(numero, titre, texte.strip(), dict(zip(champs[::2], champs[1::2], strict=True))))
    return regles


@cache
def lire_epreuves() -> dict[str, list[str]]:
    """Return the tests of each rule, as `tests/…py::test_nom`, by file then in the order of the file."""
    epreuves: dict[str, list[str]] = defaultdict(list)
    for fichier in sorted((RACINE / "tests").rglob("test_*.py")):
        for numero, test in _marques(ast.parse(fichier.read_text())):
            epreuves[numero].append(f"{fichier.relative_to(RACINE)}::{test}")
    return dict(epreuves)


def _marques(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (rule, test), from the decorators of each test and from `pytestmark`."""
    du_module = [
        numero
        for noeud in module.body
        if isinstance(noeud, ast.Assign) and ast.unparse(noeud.targets[0]) == "pytestmark"
        for marqueur in (noeud.value.elts if isinstance(noeud.value, ast.List) else [noeud.value])
        for numero in _numeros(marqueur)
    ]
    for noeud in module.body:
        if isinstance(noeud, ast.FunctionDef) and noeud.name.startswith("test_"):
            siens = [numero for marqueur in noeud.decorator_list for numero in _numeros(marqueur)]
            yield from ((numero, noeud.name) for numero in dict.fromkeys(du_module + siens))


def _numeros(marqueur: ast.expr) -> list[str]:
    """Return the numbers of `pytest.mark.regle(…)`, none for another marker."""
    if isinstance(marqueur, ast.Call) and ast.unparse(marqueur.func) == "pytest.mark.regle":
        return [ast.literal_eval(argument) for argument in marqueur.args]
    return []


def composer_epreuves() -> str:
    """Return docs/epreuves.md as the markers of today write it."""
    epreuves = lire_epreuves()
    sections = [
        f"\n## {regle.numero} {regle.titre}\n\n" + "".join(f"- `{test}`\n" for test in epreuves.get(regle.numero, []))
        for regle in lire_regles()
        if regle.numero == regle.racine
    ]
    return ENTETE + "".join(sections)


if __name__ == "__main__":
    EPREUVES.write_text(composer_epreuves())
