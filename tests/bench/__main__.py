"""Print ratios, not seconds: a page with ten times the rows, our lists beside the admin's, a bilan four times larger.

A ratio near 1 says that the size does not matter; the machine does not matter either. `make bench` runs it.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
import time_machine

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.reglages"
PEU, BEAUCOUP = 50, 500


def secondes(geste: Callable[[], object], fois: int = 9) -> float:
    """Return the shortest duration of a gesture, after a first time that warms up; with 0, of that first time."""
    durees = []
    for _ in range(fois + 1):
        debut = time.perf_counter()
        geste()
        durees.append(time.perf_counter() - debut)
    return min(durees[1:] or durees)


def afficher(sujet: str, avant: float, apres: float) -> None:
    sys.stdout.write(f"  {sujet:<56} {avant * 1000:8.0f} ms → {apres * 1000:8.0f} ms   × {apres / avant:.2f}\n")
    sys.stdout.flush()


def pages() -> None:
    """Each list page with 50 rows, then with 500; what one page measures is gone before the next."""
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from demarche.registre.enums import GenreEvenement
    from demarche.registre.services.lignes import inscrire_evenement
    from tests.factories import chantiers, demarche, partenaires

    chantier = chantiers.ChantierFactory()
    action = chantiers.ActionCollectiveFactory(chantier=chantier)
    equipe = demarche.UtilisateurFactory(coordonnateur=True)
    enveloppe = chantiers.EnveloppeFactory(montant=10_000_000)

    def payer_sur_une_enveloppe() -> object:
        return chantiers.DecaissementFactory(demande__enveloppe=enveloppe, demande__action_collective=action)

    listes: list[tuple[str, str, Callable[[], object]]] = [
        ("actions:action_liste", "", lambda: chantiers.ActionCollectiveFactory(chantier=chantier)),
        ("actions:activite_liste", "", lambda: chantiers.ActiviteFactory(action_collective=action)),
        (
            "demandes:demande_liste",
            "",
            lambda: chantiers.DemandeFondsFactory(action_collective=action, demandeur=equipe, soumise=True),
        ),
        ("partenaires:organisation_liste", "", partenaires.OrganisationFactory),
        ("partenaires:partenaire_liste", "", lambda: partenaires.AdhesionFactory(acceptee=True)),
        ("rencontres:rencontre_liste", "", demarche.RencontreFactory),
        ("scrutins:resolution_liste", "", demarche.ResolutionFactory),
        ("scrutins:scrutin_liste", "", lambda: demarche.ScrutinFactory(clos=True)),
        (
            "gouvernance:registre_liste",
            "",
            lambda: inscrire_evenement(GenreEvenement.VOTE, "scrutin 0", corps={"siege": 1}),
        ),
        ("finances:decaissement_liste", "une enveloppe par paiement", chantiers.DecaissementFactory),
        ("finances:decaissement_liste", "une seule enveloppe", payer_sur_une_enveloppe),
        ("finances:decaissement_livre", "une enveloppe par paiement", chantiers.DecaissementFactory),
        ("finances:decaissement_livre", "une seule enveloppe", payer_sur_une_enveloppe),
    ]
    client = Client()
    client.force_login(equipe)
    sys.stdout.write(f"Pages, {PEU} lignes puis {BEAUCOUP}\n")
    for route, precision, creer in listes:

        def lire(adresse: str = reverse(route)) -> None:
            assert client.get(adresse).status_code == 200, adresse

        with transaction.atomic():
            for _ in range(PEU):
                creer()
            avant = secondes(lire)
            for _ in range(BEAUCOUP - PEU):
                creer()
            sujet = f"{reverse(route)} ({precision})" if precision else reverse(route)
            afficher(sujet, avant, secondes(lire))
            transaction.set_rollback(True)


def admin() -> None:
    """Each of our lists beside the Django admin's, same rows, same number a page; a page that shows nothing beside."""
    from django.apps import apps
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from tests.bench.adresses import COMPARAISONS
    from tests.factories import chantiers, demarche, partenaires

    chantier = chantiers.ChantierFactory()
    action = chantiers.ActionCollectiveFactory(chantier=chantier)
    equipe = demarche.UtilisateurFactory(coordonnateur=True)
    createurs: dict[str, Callable[[], object]] = {
        "actions:action_liste": lambda: chantiers.ActionCollectiveFactory(chantier=chantier),
        "partenaires:organisation_liste": partenaires.OrganisationFactory,
        "rencontres:rencontre_liste": demarche.RencontreFactory,
        "scrutins:resolution_liste": demarche.ResolutionFactory,
        "demandes:demande_liste": lambda: chantiers.DemandeFondsFactory(
            action_collective=action, demandeur=equipe, soumise=True
        ),
    }
    client = Client()
    client.force_login(equipe)
    sys.stdout.write("L’admin de Django, puis notre liste des mêmes lignes\n")
    for route, (modele, _) in COMPARAISONS.items():
        meta = apps.get_model(modele)._meta
        celle_de_l_admin = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")

        def lire(adresse: str) -> None:
            assert client.get(adresse).status_code == 200, adresse

        with transaction.atomic():
            for _ in range(PEU):
                createurs[route]()
            afficher(
                reverse(route),
                secondes(lambda: lire(celle_de_l_admin)),  # noqa: B023 - called at once
                secondes(lambda: lire(reverse(route))),  # noqa: B023
            )
            transaction.set_rollback(True)
    duree = secondes(lambda: lire(reverse("gouvernance:composants")))
    sys.stdout.write(f"  une page qui ne lit rien : {duree * 1000:.1f} ms\n")


def bilan() -> None:
    """The PDF of an exercice of ten actions, then of forty."""
    from django.core.management import call_command

    from tests.factories import chantiers

    dossier = Path(tempfile.mkdtemp())
    sys.stdout.write("Bilan en PDF, 10 actions puis 40 (5 activités chacune)\n")
    chantier = chantiers.ChantierFactory()

    def remplir(nombre: int) -> None:
        for _ in range(nombre):
            chantiers.ActiviteFactory.create_batch(
                5, action_collective=chantiers.ActionCollectiveFactory(chantier=chantier)
            )

    def exporter() -> None:
        call_command("exporter_bilan", "2025-2026", sortie=dossier / "bilan.pdf", stdout=io.StringIO())

    # A bilan is kept for a state of the data: each export is measured once, on a new state.
    exporter()
    remplir(10)
    avant = secondes(exporter, fois=0)
    remplir(30)
    afficher("exporter_bilan", avant, secondes(exporter, fois=0))


def main() -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{tempfile.mkdtemp()}/mesures.sqlite3"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    class SansMigrations(dict[str, None]):
        def __contains__(self, app: object) -> bool:
            return True

        def __getitem__(self, app: str) -> None:
            return None

    settings.MIGRATION_MODULES = SansMigrations()  # the tables only, at once
    call_command("migrate", run_syncdb=True, verbosity=0)
    from tests.factories import JOUR, demarche

    for mesure in (pages, admin, bilan):
        with transaction.atomic(), time_machine.travel(JOUR):
            demarche.DemarcheFactory()
            demarche.ExerciceFactory()
            mesure()
            transaction.set_rollback(True)


main()
