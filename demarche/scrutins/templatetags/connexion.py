"""What the sign-in page may say of where one was going."""

from django import template
from django.urls import Resolver404, resolve

from demarche.scrutins.protocoles import OBJETS

register = template.Library()


@register.filter
def mene_a_un_scrutin(adresse: object) -> bool:
    """Return whether this address is where a ballot is answered; whether one is there is not looked at."""
    try:
        return resolve(str(adresse or "").partition("?")[0]).view_name in OBJETS.routes_de_scrutin()
    except Resolver404:
        return False
