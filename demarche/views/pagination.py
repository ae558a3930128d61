"""Lists by pages, filters kept in the address."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAR_PAGE = 25


def page_de(
    request: HttpRequest, lignes: "QuerySet[Any] | Sequence[Any]", par_page: int = PAR_PAGE
) -> tuple[Page[Any], str]:
    """Return the page asked for (the nearest one when it does not exist) and the other parameters of the address."""
    parametres = request.GET.copy()
    parametres.pop("page", None)
    return Paginator(lignes, par_page).get_page(request.GET.get("page")), parametres.urlencode()
