"""Erase the salt of a line of the register, and tell it in the register (R7, R13)."""

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre, SelRegistre
from demarche.registre.services.lignes import inscrire_evenement, tenir_registre
from demarche.scrutins.models import Scrutin
from demarche.socle.erreurs import ErreurMetier


@transaction.atomic
def effacer_sel(numero: int, *, auteur: Utilisateur) -> EvenementRegistre:
    """Erase for good the salt of one line, and return the line that tells it: nobody can check its secret any more.

    The line comes first: without it, the database keeps the salt. Idempotent.
    Errors: ErreurMetier when the line commits to nothing, or is about a ballot still open.
    """
    tenir_registre()
    objet = f"ligne {numero}"
    deja = EvenementRegistre.objects.filter(genre=GenreEvenement.EFFACEMENT, objet=objet).first()
    if deja is not None:
        return deja
    sel = SelRegistre.objects.select_related("evenement").filter(evenement__numero=numero).first()
    if sel is None:
        raise ErreurMetier(f"La ligne {numero} n’engage rien : il n’y a rien à effacer.")
    prefixe, _, cle = sel.evenement.objet.partition(" ")
    if prefixe == "scrutin" and Scrutin.objects.ouverts().filter(pk=cle).exists():
        raise ErreurMetier("Ce scrutin est ouvert : ses votes doivent pouvoir se vérifier jusqu’à sa clôture.")
    ligne = inscrire_evenement(GenreEvenement.EFFACEMENT, objet, corps={"ligne": numero, "par": auteur.pk})
    sel.delete()
    return ligne
