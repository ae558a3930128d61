"""Factories: the smallest valid row of each model; states are traits. One module per app, and the personas.

The tests' clock stands on JOUR, in the exercice 2025-2026.
"""

import datetime

JOUR = datetime.date(2026, 1, 14)
DEBUT_EXERCICE = datetime.date(2025, 7, 1)
