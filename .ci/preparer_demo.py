"""Bring the demonstration's database up to date, fill it when it is empty, say who one can be.

One process for both commands: a second `make demo` then starts in a few seconds.
"""

import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.core.management import CommandError, call_command  # noqa: E402

from demarche.gouvernance.models import Demarche  # noqa: E402

sys.stdout.write("\n── Base de données\n")
sys.stdout.flush()
call_command("migrate", verbosity=0)
sys.stdout.write("\n── Démarche d’exemple\n")
sys.stdout.flush()
try:
    call_command("charger_demo")
except CommandError as erreur:
    # A démarche of one's own, typed in the demonstration, is served as it is; an empty database is a failure.
    sys.stdout.write(f"{erreur}\n")
    sys.exit(0 if Demarche.objects.exists() else 1)
