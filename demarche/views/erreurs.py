"""Error pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def jeton_invalide(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection token is missing or too old."""
    return render(request, "403_csrf.html", status=403)
