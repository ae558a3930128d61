"""What is overdue takes effect before any page: a scheduler that runs late changes no result (R5)."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from demarche.socle.erreurs import ErreurMetier
from demarche.socle.protocoles import ECHEANCES

journal = logging.getLogger(__name__)


class EcheancesPassees:
    """Middleware: apply every past deadline of the rooms above before the view runs.

    Each room asks one light query; nothing is written when nothing is overdue. It stands before the history's own
    middleware, so that a reader of the page does not sign what the deadline did.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for echeance in ECHEANCES:
            try:
                echeance.appliquer()
            except ErreurMetier:
                journal.exception("Une échéance passée n’a pas pu prendre effet.")
        return self.get_response(request)
