"""Write the PDF of the bilan of one exercice to a file."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from demarche.gouvernance.diagrammes import DiagrammeImpossible
from demarche.gouvernance.models import Exercice
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.pdf import RessourceRefusee
from evaluation.bilan.services.bilans import produire_brouillon


def ecrire_fichier(chemin: Path, octets: bytes) -> None:
    """Write the whole file or nothing: a failure leaves what was there before."""
    descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=f".{chemin.name}.")
    try:
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
        masque = os.umask(0)
        os.umask(masque)
        os.chmod(provisoire, 0o666 & ~masque)
        os.replace(provisoire, chemin)
    except BaseException:
        Path(provisoire).unlink(missing_ok=True)
        raise


class Command(BaseCommand):
    help = "Produit le PDF du bilan d’un exercice, dans l’état actuel des données."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("exercice", help="code de l’exercice, par exemple 2023-2024")
        parser.add_argument("--sortie", required=True, type=Path, help="fichier PDF à écrire, par exemple bilan.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        code, sortie = options["exercice"], Path(options["sortie"])
        try:
            exercice = Exercice.objects.filter(code=code).first()
        except (OperationalError, ProgrammingError) as erreur:
            raise CommandError(
                "La base de données n’est pas prête : lancez d’abord « manage.py migrate »."
            ) from erreur
        if exercice is None:
            codes = ", ".join(Exercice.objects.order_by("debut").values_list("code", flat=True))
            connus = f"Exercices connus : {codes}." if codes else "Aucun exercice n’est encore inscrit."
            raise CommandError(f"L’exercice « {code} » n’existe pas. {connus}")
        if sortie.is_dir() or not sortie.parent.is_dir():
            raise CommandError(
                f"Impossible d’écrire dans « {sortie} » : donnez un fichier dans un dossier qui existe."
            )
        try:
            octets = produire_brouillon(exercice)
            ecrire_fichier(sortie, octets)
        except ErreurMetier as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur
        except (DiagrammeImpossible, RessourceRefusee) as erreur:
            raise CommandError(str(erreur)) from erreur
        except OSError as erreur:
            raise CommandError(f"Le bilan n’a pas pu être écrit dans « {sortie} » : {erreur.strerror}.") from erreur
        self.stdout.write(f"Bilan {code} écrit dans {sortie} ({len(octets) // 1024} Ko).")
