"""The fixtures themselves: they must be able to refuse a page."""

import http.server
import re
import threading
import time

import pytest


class Lente(http.server.BaseHTTPRequestHandler):
    """Answers at once, and sends its faulty page a second later."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.flush()
        time.sleep(1)
        self.wfile.write(
            b"<!doctype html><html lang=fr><title>Lente</title><main><h1>Lente</h1><img src='data:,'></main>"
        )

    def log_message(self, *args):
        pass


@pytest.fixture
def adresse_lente():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lente) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serveur.server_port}/"
        serveur.shutdown()


@pytest.mark.parametrize("taille", [(1280, 900), (360, 740)])
def test_page_of_sign_in_is_accessible(ouvrir_page, verifier_axe, taille):
    page = ouvrir_page(*taille)
    page.goto("/compte/login/")
    assert page.locator("html").get_attribute("lang") == "fr-CA"
    verifier_axe(page)


def test_session_is_open_without_the_sign_in_pages(page, live_server, connecter, personne_de):
    connecter(page, personne_de("coordonnateur"))
    page.goto("/compte/sessions/")
    assert page.url == f"{live_server.url}/compte/sessions/"


def test_inaccessible_page_is_refused(page, verifier_axe):
    page.goto("/compte/login/")
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<img src=\"data:,\">')")
    page.evaluate("document.body.style.minWidth = '3000px'")
    with pytest.raises(AssertionError) as refus:
        verifier_axe(page)
    assert "image-alt (critical)" in str(refus.value)
    assert "déborde" in str(refus.value)


def test_page_still_arriving_is_waited_for(page, adresse_lente, verifier_axe):
    page.goto(adresse_lente, wait_until="commit")
    with pytest.raises(AssertionError, match="image-alt"):
        verifier_axe(page)


def test_script_refused_by_the_policy_is_an_incident(page, incidents):
    page.goto("/compte/login/")
    page.evaluate("const s = document.createElement('script'); s.textContent = '1'; document.body.append(s)")
    page.evaluate("setTimeout(() => { throw new Error('brisé') })")
    page.wait_for_timeout(100)
    trouves = "\n".join(incidents.lignes)
    incidents.lignes.clear()
    assert re.search("^console : .*Content Security Policy", trouves)
    assert re.search("^(console|script) : .*brisé", trouves, re.MULTILINE)
