"""A real browser on a real server: Debian's Chromium, driven by Playwright.

def test_x(page, live_server, connecter, suivre, verifier_axe):
    connecter(page, utilisateur)                  # signed in, without the sign-in pages
    page.goto(live_server.url + "/espace/")
    suivre(page.get_by_role("link", name="…"))    # before looking at a page that a click leads to
    verifier_axe(page)                            # WCAG 2.2 AA, readable failures
`page` is 1280 × 900, `page_telephone` 360 × 740; `ouvrir_page(width=…, height=…)` for others (JavaScript off:
`java_script_enabled=False`). A test fails on any script error, any refusal by the content security policy and
any answer 500. The clock stands at JOUR in server and browser alike, but it ticks.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

from demarche.comptes.models import Utilisateur
from tests.conftest import INSTANT

OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Details of the violations only: those of the thousands of nodes that pass take most of the time.
CONTROLE = "regles => axe.run(document, {runOnly: {type: 'tag', values: regles}, resultTypes: ['violations']})"
# Milliseconds: a busy machine draws a PDF in ten seconds; only what is broken waits that long.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chemin_navigateur() -> str:
    """Return the browser of this machine; CHROMIUM chooses another."""
    noms = ("chromium", "chromium-browser", "google-chrome")
    chemin = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, noms)), None)
    assert chemin, "aucun navigateur : lancez « make test », qui l’installe"
    return chemin


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would take the tests for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chemin_navigateur(), args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def horloge() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(INSTANT, tick=True) as voyage:
        yield voyage


class Incidents:
    """What went wrong in the pages of one test."""

    def __init__(self) -> None:
        self.lignes: list[str] = []

    def suivre(self, contexte: BrowserContext) -> None:
        contexte.on("console", self._console)
        contexte.on("weberror", lambda erreur: self.lignes.append(f"script : {erreur.error}"))
        contexte.on("response", self._reponse)

    def _console(self, message: ConsoleMessage) -> None:
        # A page that answers 403 or 404 on purpose is reported as a failed resource; the test looks at it itself.
        page = message.page
        document = page is not None and message.location.get("url") == page.url
        if message.type == "error" and not (document and message.text.startswith("Failed to load resource")):
            self.lignes.append(f"console : {message.text} ({message.location.get('url')})")

    def _reponse(self, reponse: Response) -> None:
        if reponse.status >= 500:
            self.lignes.append(f"réponse {reponse.status} : {reponse.url}")


@pytest.fixture
def incidents() -> Incidents:
    """What the pages of the test met; a test that provokes one on purpose empties `incidents.lignes`."""
    return Incidents()


@pytest.fixture
def ouvrir_page(navigateur: Browser, live_server: Any, incidents: Incidents) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a context of its own, watched for errors."""
    contextes = []

    def ouvrir(width: int = 1280, height: int = 900, **options: Any) -> Page:
        contexte = navigateur.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="fr-CA",
            timezone_id="America/Toronto",
            reduced_motion="reduce",
            **options,
        )
        contexte.set_default_timeout(PATIENCE)
        contexte.clock.install(time=INSTANT)
        incidents.suivre(contexte)
        contextes.append(contexte)
        return contexte.new_page()

    yield ouvrir
    for contexte in contextes:
        contexte.close()
    assert incidents.lignes == []


@pytest.fixture
def page(ouvrir_page: Callable[..., Page]) -> Page:
    return ouvrir_page()


@pytest.fixture
def page_telephone(ouvrir_page: Callable[..., Page]) -> Page:
    return ouvrir_page(width=360, height=740, has_touch=True, is_mobile=True)


@pytest.fixture
def connecter(live_server: Any) -> Callable[[Page, Utilisateur], None]:
    """Return a function that signs a page's browser in, by its session cookie; again for another person."""

    def ouvrir_session(page: Page, utilisateur: Utilisateur) -> None:
        client = Client()
        client.force_login(utilisateur)
        nom = settings.SESSION_COOKIE_NAME
        page.context.clear_cookies(name=nom)
        page.context.add_cookies([{"name": nom, "value": client.cookies[nom].value, "url": live_server.url}])

    return ouvrir_session


@pytest.fixture
def personne_de(transactional_db: None, personne_de: Callable[[str], Utilisateur]) -> Callable[[str], Utilisateur]:
    """The personas, committed so that the server sees them."""
    return personne_de


@pytest.fixture
def suivre() -> Callable[[Locator], None]:
    """Return a function that clicks on what leads to another page, and waits until that page is there."""

    def cliquer(vers: Locator) -> None:
        with vers.page.expect_navigation(wait_until="domcontentloaded"):
            vers.click()

    return cliquer


@pytest.fixture
def verifier_axe() -> Callable[[Page], None]:
    """Return a function that fails with the accessibility violations of the page as it stands."""

    def verifier(page: Page) -> None:
        # A click returns once the next page has begun to arrive: wait until it is whole.
        page.wait_for_load_state("domcontentloaded")
        # evaluate() goes around the content security policy, where a script tag would be refused.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        resultat = page.evaluate(CONTROLE, REGLES)
        lignes = [
            f"{violation['id']} ({violation['impact']}) : {violation['help']}\n    {noeud['html'][:200]}"
            for violation in resultat["violations"]
            for noeud in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            lignes.append("la page déborde en largeur")
        assert not lignes, f"{page.url}\n" + "\n".join(lignes)

    return verifier
