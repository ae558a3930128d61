"""Names that look alike: what is compared, and how near is near."""

import re
import unicodedata
from difflib import SequenceMatcher

POINTS_DE_SIGLE = re.compile(r"\b([A-Za-z])\.\s?(?=[A-Za-z]\b)")
MOTS_VIDES = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "inc"})
SEUIL = 0.86


def cle_alphabetique(texte: str) -> str:
    """Return the text without accents, case or punctuation: what French sorts and compares by; R.A.P. reads RAP."""
    texte = POINTS_DE_SIGLE.sub(r"\1", texte)
    sans_accent = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    lettres = "".join(signe for signe in sans_accent if not unicodedata.combining(signe)).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", lettres))


def cle_nom(nom: str) -> str:
    """Return the words that tell one organisation from another, articles left out."""
    cle = cle_alphabetique(nom)
    return " ".join(mot for mot in cle.split() if mot not in MOTS_VIDES) or cle


def cles_se_ressemblent(cle: str, autre: str) -> bool:
    """Return whether two keys of `cle_nom` are equal, nearly equal, or one is the other with a few words more."""
    if not cle or not autre:
        return False
    if cle == autre or cle.replace(" ", "") == autre.replace(" ", ""):
        return True
    mots, autres = set(cle.split()), set(autre.split())
    if min(len(mots), len(autres)) >= 2 and (mots <= autres or autres <= mots):
        return True
    calcul = SequenceMatcher(None, cle, autre, autojunk=False)
    return calcul.real_quick_ratio() >= SEUIL and calcul.quick_ratio() >= SEUIL and calcul.ratio() >= SEUIL
