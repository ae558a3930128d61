"""Error pages."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


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
