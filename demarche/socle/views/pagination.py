"""Lists by pages, filters kept in the address."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAR_PAGE = 25


def page_de(
    request: HttpRequest, lignes: "QuerySet[Any] | Sequence[Any]", par_page: int = PAR_PAGE, *, cle: str = "page"
) -> tuple[Page[Any], str]:
    """Return the page asked for (the nearest one when it does not exist) and the other parameters of the address.

    `cle` is the parameter that turns the pages: a second list on a page has its own.
    """
    parametres = request.GET.copy()
    parametres.pop(cle, None)
    return Paginator(lignes, par_page).get_page(request.GET.get(cle)), parametres.urlencode()
