"""Tell the coordination that mandates are about to end, once for each (R3)."""

from django.db import transaction
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue
from demarche.gouvernance.defauts import MANDAT_COURRIEL
from demarche.gouvernance.models import Mandat
from demarche.gouvernance.queries.gouvernance import mandats_finissants
from demarche.gouvernance.queries.reglages import jours_de
from demarche.socle.services.courriels import deposer_courriel
from demarche.socle.services.ecriture import ecrire


@transaction.atomic
def avertir_mandats() -> int:
    """Write one e-mail to each coordination about the mandates that end soon (MANDAT_COURRIEL), and return how many.

    A mandate is announced once, whatever happens to this command: `avertie_le` keeps when. One e-mail lists them all.
    Without anybody in the coordination to read it, nothing is announced and the next run tries again.
    """
    jour = timezone.localdate()
    limite = jour + jours_de(MANDAT_COURRIEL)
    proches = [m.pk for m in mandats_finissants(jour) if m.avertie_le is None and m.au is not None and m.au <= limite]
    roles = RoleAttribue.objects.en_vigueur(jour).filter(role=Role.COORDONNATEUR, utilisateur__is_active=True)
    destinataires = sorted({role.utilisateur.email for role in roles.select_related("utilisateur")})
    if not proches or not destinataires:
        return 0
    verrous = Mandat.objects.select_for_update(of=("self",)).filter(pk__in=proches, avertie_le=None)
    mandats = list(verrous.select_related("siege__instance_gouvernance", "utilisateur").order_by("au", "pk"))
    for mandat in mandats:
        mandat.avertie_le = timezone.now()
        ecrire(mandat, auteur=None, motif="Fin annoncée à la coordination")
    sujet = "Un mandat finit bientôt" if len(mandats) == 1 else f"{len(mandats)} mandats finissent bientôt"
    for destinataire in destinataires if mandats else ():
        gabarit = "courriels/mandats_finissants.txt"
        deposer_courriel(destinataire=destinataire, sujet=sujet, gabarit=gabarit, contexte={"mandats": mandats})
    return len(mandats)
