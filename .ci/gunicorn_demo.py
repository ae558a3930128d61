"""Server of the demonstration: two processes, this machine only, no control socket."""

import os
import sys
from typing import Any

PORT = os.environ["PORT"]

bind = f"127.0.0.1:{PORT}"
workers = 2
timeout = 120  # the first bilan may take a while on a small machine
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Say where to go once the port answers."""
    sys.stdout.write(
        f"\n── Démarche est ouverte : http://127.0.0.1:{PORT}/\n"
        f"   Se connecter d’un clic, dans chaque rôle : http://127.0.0.1:{PORT}/demonstration/\n"
        "   Ctrl-C pour arrêter; les données restent pour la prochaine fois.\n\n"
    )
    sys.stdout.flush()
