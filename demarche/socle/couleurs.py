"""Colours as numbers: read, mixed, measured, kept legible."""

COULEUR_PAR_DEFAUT = "#1f4e5f"
CLAIR = (252, 253, 254)
PAPIER_FONCE = (243, 239, 229)  # the darkest ground that carries text in this colour
CONTRASTE_MINIMAL = 4.5

Rvb = tuple[int, int, int]


def lire_couleur(hexadecimal: str) -> Rvb:
    return int(hexadecimal[1:3], 16), int(hexadecimal[3:5], 16), int(hexadecimal[5:7], 16)


def ecrire_couleur(rvb: Rvb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rvb)


def luminance(rvb: Rvb) -> float:
    """Return the relative luminance of WCAG 2.2, from 0 (black) to 1 (white)."""
    lineaires = [(c / 255 / 12.92) if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rvb]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def contraste(une: Rvb, autre: Rvb) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    claire, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def melanger(une: Rvb, autre: Rvb, part: float) -> Rvb:
    """Return the first colour with that part (0 to 1) of the second in it."""
    rouge, vert, bleu = (round(a + (b - a) * part) for a, b in zip(une, autre, strict=True))
    return rouge, vert, bleu


def pale(rvb: Rvb) -> Rvb:
    """Return the tint laid under text of that same colour."""
    return melanger(CLAIR, rvb, 0.11)


def couleur_lisible(hexadecimal: str) -> Rvb:
    """Return the colour, darkened just enough to be read on paper and on its own tint.

    White on it is then legible too, since paper is darker than white.
    """
    origine = lire_couleur(hexadecimal)
    for centieme in range(101):
        rvb = melanger(origine, (0, 0, 0), centieme / 100)
        if min(contraste(rvb, PAPIER_FONCE), contraste(rvb, pale(rvb))) >= CONTRASTE_MINIMAL:
            return rvb
    return 0, 0, 0


def jetons(couleur: str) -> dict[str, str]:
    """Return the colour tokens of a print stylesheet, as on the screen: the démarche's colour, kept legible."""
    rvb = couleur_lisible(couleur)
    return {
        "couleur": ecrire_couleur(rvb),
        "couleur-foncee": ecrire_couleur(melanger(rvb, (0, 0, 0), 0.28)),
        "couleur-pale": ecrire_couleur(pale(rvb)),
    }
