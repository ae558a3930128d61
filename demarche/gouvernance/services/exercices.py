"""Exercices: open one, close it, open it again, refuse to write in a closed one (R10)."""

import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import ANNEES
from demarche.registre.enums import GenreEvenement
from demarche.registre.services.lignes import ecrire_instant, inscrire_evenement, tenir_registre
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import ecrire

DUREE_MINIMALE = datetime.timedelta(days=27)
LONGUEUR_MOTIF = 250
DUREE_MAXIMALE = datetime.timedelta(days=550)  # a first exercice may be long; two years are a slip of the finger


def retenir_exercice(pk: int) -> Exercice:
    """Read one exercice as it is now, and keep it so until the end of the transaction: its closing waits.

    Those who write share this lock, and never wait for each other; SQLite has one writer at a time anyway. A verb that
    also takes the register takes it before.
    """
    lire = "SELECT * FROM gouvernance_exercice WHERE id = %s"
    return Exercice.objects.raw(f"{lire} FOR SHARE" if connection.features.has_select_for_update else lire, [pk])[0]


def exiger_exercice_ouvert(exercice: Exercice, *, champ: str | None = None) -> None:
    """Refuse to write in a closed exercice, and keep it open until the end of the transaction (R10).

    Errors: ErreurMetier, beside the field `champ` if there is one.
    """
    if retenir_exercice(exercice.pk).est_clos:
        phrase = f"L’exercice {exercice} est clos : rien ne s’y ajoute ni ne s’y change."
        raise ErreurMetier({champ: phrase} if champ else phrase, code="clos")


def exiger_jour_ouvert(jour: datetime.date, *, champ: str | None = None) -> Exercice | None:
    """Refuse to write on a day of a closed exercice (R10); return the exercice of that day, None when it has none.

    Errors: ErreurMetier, beside the field `champ` if there is one.
    """
    exercice = Exercice.objects.contenant(jour).first()
    if exercice is not None:
        exiger_exercice_ouvert(exercice, champ=champ)
    return exercice


@transaction.atomic
def ajouter_exercice(*, debut: datetime.date, fin: datetime.date, auteur: Utilisateur | None) -> Exercice:
    """Add one exercice; its code is made of its two years.

    Errors: ErreurMetier when the dates are upside down, too far apart, shared with another exercice, or before a
            closed one, whose figures start from those before (R10).
    """
    if fin <= debut:
        raise ErreurMetier("Le dernier jour doit suivre le premier.")
    if not DUREE_MINIMALE <= fin - debut <= DUREE_MAXIMALE:
        raise ErreurMetier("Un exercice dure au plus dix-huit mois. Vérifiez les années.")
    tenir_registre()  # one exercice at a time, and none closes meanwhile
    autre = Exercice.objects.filter(debut__lte=fin, fin__gte=debut).first()
    if autre:
        raise ErreurMetier(f"Ces dates recoupent l’exercice {autre}.")
    clos = Exercice.objects.filter(debut__gt=fin, est_clos=True).first()
    if clos:
        raise ErreurMetier(f"L’exercice {clos}, plus récent, est clos : aucun ne s’ajoute avant lui.")
    code = f"{debut.year}-{fin.year}"
    if Exercice.objects.filter(code=code).exists():
        raise ErreurMetier(f"Un exercice {code} existe déjà.")
    return Exercice.objects.create(code=code, debut=debut, fin=fin)


def _verrouiller_exercice(pk: int) -> Exercice:
    """Lock the register, then the exercice: no decision nor payment is written meanwhile."""
    tenir_registre()
    return Exercice.objects.select_for_update(of=("self",)).get(pk=pk)


@transaction.atomic
def clore_exercice(exercice_pk: int, *, auteur: Utilisateur | None) -> Exercice:
    """Close one exercice: it can be read, no longer written; the register tells it. Idempotent.

    Errors: ErreurMetier with each thing that stands in the way, the very list of the page.
    """
    exercice = _verrouiller_exercice(exercice_pk)
    if exercice.est_clos:
        return exercice
    empechements = [point for point in ANNEES.cloture_de(exercice) if point.empeche]
    if empechements:
        raise ErreurMetier([f"{point.libelle} : {point.precision}" for point in empechements])
    exercice.est_clos, exercice.clos_le = True, timezone.now()
    ecrire(exercice, auteur=auteur, motif="Clôture de l’exercice")
    _inscrire(GenreEvenement.EXERCICE_CLOS, exercice)
    return exercice


@transaction.atomic
def rouvrir_exercice(exercice_pk: int, *, motif: str, auteur: Utilisateur | None) -> Exercice:
    """Open a closed exercice again; the history keeps the reason, to which the register commits. Idempotent.

    Errors: ErreurMetier, on `motif`, when it is empty, too long, or names somebody who has an account.
    """
    exercice = _verrouiller_exercice(exercice_pk)
    if not exercice.est_clos:
        return exercice
    motif = " ".join(motif.split())
    _verifier_motif(motif)
    exercice.est_clos, exercice.clos_le = False, None
    ecrire(exercice, auteur=auteur, motif=motif)
    _inscrire(GenreEvenement.EXERCICE_ROUVERT, exercice)
    return exercice


def _verifier_motif(motif: str) -> None:
    if not motif:
        raise ErreurMetier({"motif": "Écrivez pourquoi l’exercice est rouvert."})
    if len(motif) > LONGUEUR_MOTIF:
        raise ErreurMetier({"motif": f"Dites-le en {LONGUEUR_MOTIF} caractères au plus."})
    minuscules = motif.casefold()
    noms = Utilisateur.objects.exclude(prenom="").exclude(nom="").values_list("prenom", "nom")
    if "@" in motif or any(f"{prenom} {nom}".casefold() in minuscules for prenom, nom in noms.iterator()):
        raise ErreurMetier({"motif": "N’y nommez personne : ce motif se lit au registre."})


def corps_exercice(exercice: Exercice) -> dict[str, Any]:
    """Return what the register says of an exercice closed or open again, in clear."""
    return {
        "exercice": exercice.code,
        "debut": exercice.debut.isoformat(),
        "fin": exercice.fin.isoformat(),
        "clos_le": ecrire_instant(exercice.clos_le),
    }


def _inscrire(genre: GenreEvenement, exercice: Exercice) -> None:
    """Append the line of what was just written; it names the row of the history that has the reason."""
    ecrit = exercice.history.first()
    inscrire_evenement(
        genre,
        f"exercice {exercice.pk}",
        corps={**corps_exercice(exercice), "historique": ecrit.history_id},
        secret={"motif": ecrit.history_change_reason},
    )
