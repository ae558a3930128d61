"""Error pages."""

import sys
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error


class MethodeRefusee:
    """Middleware: an address opened by a method it does not take answers with a page, not with the browser's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        if reponse.status_code != 405 or reponse.content:
            return reponse
        page = render(request, "405.html", status=405)
        page["Allow"] = reponse["Allow"]
        return page


@login_not_required
def jeton_invalide(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection token is missing or too old."""
    return render(request, "403_csrf.html", status=403)


@login_not_required
def erreur_du_serveur(request: HttpRequest) -> HttpResponse:
    """Answer an error of ours; when SQLite stayed locked by other writers, ask to try again instead."""
    erreur = sys.exc_info()[1]
    if isinstance(erreur, OperationalError) and "locked" in str(erreur):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "10"})
    return server_error(request)
