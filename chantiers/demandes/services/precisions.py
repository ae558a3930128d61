"""Questions of the coordination on a request: ask, answer, remind once, let expire. Nothing is ever lost."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from chantiers.demandes import notifications
from chantiers.demandes.enums import EtatDemande, VerbeDemande
from chantiers.demandes.models import DemandeFonds, PrecisionDemande
from chantiers.demandes.queries.redaction import Contenu, contenu_change
from chantiers.demandes.services.decisions import exiger_version
from chantiers.demandes.services.demandes import (
    exiger_verbe,
    passer,
    reevaluer,
    soumettre_demande,
    verrouiller_demande,
)
from chantiers.demandes.services.redaction import ecrire_contenu, joindre_piece
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.protocoles import Defaut
from demarche.gouvernance.queries.reglages import jours_de
from demarche.socle.concurrence import MESSAGE_CONFLIT
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import signer

POUR_REPONDRE = Defaut(
    "question_reponse",
    "Demandes de fonds",
    "Délai proposé pour répondre à une question",
    "{} jours",
    "jours",
    10,
    minimum=1,
    maximum=90,
)
AVANT_RAPPEL = Defaut(
    "question_rappel",
    "Demandes de fonds",
    "Une question sans réponse",
    "un rappel part {} jours avant; passé le jour, la demande expire",
    "jours",
    3,
    minimum=1,
    maximum=30,
)
RAPPEL = "Rappel envoyé"  # written in the history of the question: one reminder, never two
REPONDABLES = frozenset({EtatDemande.PRECISIONS, EtatDemande.EXPIREE})


@transaction.atomic
def demander_precisions(
    demande_pk: int, *, auteur: Utilisateur, question: str, avant_le: datetime.date, version: int | None = None
) -> PrecisionDemande:
    """Send a submitted request back to its demandeur with a question and a day; the request keeps everything.

    Errors: ErreurMetier when the request changed since `version`, does not wait for the coordination, when the
            question is empty or the day not to come.
    """
    demande = verrouiller_demande(demande_pk)
    exiger_version(demande, version)
    exiger_verbe(demande, VerbeDemande.INTERROGER)
    if not question.strip():
        raise ErreurMetier({"question": "Écrivez votre question."})
    if avant_le <= timezone.localdate():
        raise ErreurMetier({"avant_le": "Choisissez un jour à venir : la personne doit avoir le temps de répondre."})
    precision = PrecisionDemande(demande=demande, question=question.strip(), posee_par=auteur, avant_le=avant_le)
    signer(precision, auteur, "Question posée").save()
    passer(demande, VerbeDemande.INTERROGER, auteur=auteur)
    notifications.poser_question(precision)
    return precision


@transaction.atomic
def repondre_precisions(
    demande_pk: int,
    *,
    auteur: Utilisateur,
    reponse: str,
    version: int | None = None,
    contenu: Mapping[str, Any] | None = None,
    piece: "tuple[str, UploadedFile[bytes]] | None" = None,
) -> DemandeFonds:
    """Answer the question that waits, change the request and attach a file at once; back to study, evaluated again.

    An expired request is submitted again by its answer, under the rule of today.
    Errors: ErreurMetier when no question waits, when the answer is empty, when its day is past, or when somebody
            changed the request since `version`.
    """
    expirer_si_echue(demande_pk)
    demande = verrouiller_demande(demande_pk)
    precision = _question_a_repondre(demande, reponse=reponse, version=version)
    if contenu is not None:
        _modifier(demande, Contenu(**contenu), auteur=auteur)
    precision.reponse, precision.repondue_le = reponse.strip(), timezone.now()
    signer(precision, auteur, "Réponse").save()
    if demande.etat == EtatDemande.EXPIREE:
        soumettre_demande(demande.pk, auteur=auteur)
    else:
        passer(demande, VerbeDemande.REPONDRE, auteur=auteur)
        reevaluer(demande, sans_avis=True)
    if piece is not None:
        joindre_piece(demande, auteur=auteur, titre=piece[0], fichier=piece[1])
    notifications.annoncer_reponse(precision)
    demande.refresh_from_db()
    return demande


def _question_a_repondre(demande: DemandeFonds, *, reponse: str, version: int | None) -> PrecisionDemande:
    precision = demande.question_sans_reponse
    if demande.etat not in REPONDABLES or precision is None:
        raise ErreurMetier("Aucune question n’attend de réponse pour cette demande.", code="etat")
    if not reponse.strip():
        raise ErreurMetier({"reponse": "Écrivez votre réponse."})
    if version is not None and demande.version != version:
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    return precision


def _modifier(demande: DemandeFonds, voulu: Contenu, *, auteur: Utilisateur) -> None:
    voulu.verifier(demande)
    if contenu_change(demande, voulu):
        ecrire_contenu(demande, voulu, auteur=auteur)


@transaction.atomic
def expirer_si_echue(demande_pk: int) -> bool:
    """Let a request expire whose question was not answered in time; return whether it did now. Idempotent."""
    demande = verrouiller_demande(demande_pk)
    precision = demande.question_sans_reponse
    if demande.etat != EtatDemande.PRECISIONS or precision is None or precision.avant_le >= timezone.localdate():
        return False
    passer(demande, VerbeDemande.EXPIRER, auteur=None)
    reevaluer(demande)
    notifications.annoncer_expiration(precision)
    return True


def expirer_demandes() -> int:
    """Let every request expire whose question was not answered in time, and return how many."""
    echues = PrecisionDemande.objects.en_attente().filter(avant_le__lt=timezone.localdate())
    return sum(expirer_si_echue(pk) for pk in list(echues.order_by("pk").values_list("demande_id", flat=True)))


def rappeler_precisions() -> int:
    """Remind once, some days before the date, the demandeurs who have not answered; return how many reminders left."""
    jour, avant = timezone.localdate(), jours_de(AVANT_RAPPEL)
    proches = PrecisionDemande.objects.en_attente().filter(avant_le__range=(jour, jour + avant))
    return sum(_rappeler(precision.demande_id, avant) for precision in proches.order_by("pk"))


@transaction.atomic
def _rappeler(demande_pk: int, avant: datetime.timedelta) -> bool:
    """Send the one reminder of the question that waits, unless it was asked too late to need one."""
    precision = verrouiller_demande(demande_pk).question_sans_reponse
    if precision is None or precision.history.filter(history_change_reason=RAPPEL).exists():
        return False
    seuil = precision.avant_le - avant
    if timezone.localdate(precision.posee_le) >= seuil:
        return False
    signer(precision, None, RAPPEL).save()
    notifications.poser_question(precision, rappel=True)
    return True
