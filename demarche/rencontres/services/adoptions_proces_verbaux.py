"""Minutes adopted at a later meeting: voted, frozen, read back against what the register says of them (R7)."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Issue
from demarche.gouvernance.models import Exercice, Rencontre, Resolution
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre, canonique
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lignes import Faits, inscrire_evenement, tenir_registre
from demarche.rencontres import notifications
from demarche.rencontres.enums import EtatPoint, EtatProcesVerbal, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.proces_verbal.composition import composer, vote_de
from demarche.rencontres.proces_verbal.donnees import AdoptionPV
from demarche.rencontres.proces_verbal.rendu import nom_de_fichier, rendre_pdf, titre_de
from demarche.rencontres.services.points import conclure_point, verrouiller_point_a_traiter
from demarche.rencontres.services.proces_verbaux import verrouiller_projet
from demarche.rencontres.services.votes_main_levee import ouvrir_vote_en_rencontre
from demarche.rencontres.services.votes_points import VoteSalle, clore_vote
from demarche.scrutins.models import Scrutin
from demarche.socle.concurrence import MESSAGE_CONFLIT
from demarche.socle.donnees_figees import vers_json
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from demarche.socle.services.documents import deposer_document
from demarche.socle.services.ecriture import ecrire

RESTE = "Des points de cette rencontre restent à traiter : reportez-les, ou dites ce qu’il en est, avant l’adoption."


@transaction.atomic
def adopter_proces_verbal(
    point_pk: int,
    *,
    auteur: Utilisateur,
    vote: VoteSalle,
    lu: str | None = None,
    proposee_par: str = "",
    appuyee_par: str = "",
) -> ProcesVerbal:
    """Hold the vote on the minutes that a point brings to a later meeting; adopted, they are frozen at once.

    `lu` is the fingerprint of the text as the author read it; None asks nothing.
    A tie, or no quorum, is written as the vote it was, and the minutes stay a draft.
    Locks:  register → ballot → meeting and minutes; the PDF is drawn under them, since it carries the register's head.
    Errors: ErreurMetier when they are adopted already, say something else than what was read, leave a point of their
            meeting to deal with, or when the meeting that adopts is to come or not a later one of the instance.
    """
    tenir_registre()
    point = verrouiller_point_a_traiter(point_pk)
    if point.genre != GenrePoint.PROCES_VERBAL or point.proces_verbal_id is None:
        raise ErreurMetier("Ce point n’est pas l’adoption d’un procès-verbal.")
    proces_verbal = verrouiller_projet(point.proces_verbal_id)
    _exiger_rencontre_suivante(proces_verbal, point.rencontre)
    if points_restants(proces_verbal):
        raise ErreurMetier(RESTE, code="points")
    if lu is not None and lu != composer(proces_verbal).empreinte:
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    point.proposee_par, point.appuyee_par = proposee_par, appuyee_par
    ecrire(point, auteur=auteur)
    scrutin = ouvrir_vote_en_rencontre(
        rencontre=point.rencontre,
        question=f"Adopter le procès-verbal du {ecrire_date(proces_verbal.rencontre.date)}",
        texte=texte_resolution(proces_verbal),
        auteur=auteur,
        inscrit_resolution=True,
        faits=Faits({"proces_verbal": proces_verbal.pk}),
    )
    scrutin = clore_vote(scrutin, vote, auteur=auteur)
    resolution = Resolution.objects.filter(scrutin=scrutin).first()
    conclure_point(point, scrutin=scrutin, resolution=resolution)
    if scrutin.issue == Issue.ADOPTEE and resolution is not None:
        _figer(proces_verbal, point.rencontre, scrutin, resolution, auteur=auteur)
    return proces_verbal


def points_restants(proces_verbal: ProcesVerbal) -> "QuerySet[PointOrdreDuJour]":
    """Return the points of the meeting of these minutes still to deal with: once they are adopted, nobody could.

    None in a closed exercice (R10): nobody can already.
    """
    rencontre = proces_verbal.rencontre
    if Exercice.objects.contenant(rencontre.date).filter(est_clos=True).exists():
        return rencontre.points.none()
    return rencontre.points.filter(etat=EtatPoint.A_TRAITER).order_by("ordre", "pk")


def texte_resolution(proces_verbal: ProcesVerbal) -> str:
    """Return the text put to the vote."""
    rencontre = proces_verbal.rencontre
    return (
        f"Que le procès-verbal de la rencontre «\u00a0{rencontre.titre}\u00a0», tenue le "
        f"{ecrire_date(rencontre.date)}, soit adopté tel que présenté."
    )


def _exiger_rencontre_suivante(proces_verbal: ProcesVerbal, rencontre: Rencontre) -> None:
    tenue = proces_verbal.rencontre
    meme = tenue.instance_gouvernance_id == rencontre.instance_gouvernance_id
    if not meme or tenue.pk == rencontre.pk or rencontre.debut < tenue.debut:
        raise ErreurMetier("Un procès-verbal s’adopte à une rencontre suivante de la même instance.")


def _figer(
    proces_verbal: ProcesVerbal, adopte_a: Rencontre, scrutin: Scrutin, resolution: Resolution, *, auteur: Utilisateur
) -> None:
    """Freeze minutes just adopted: their data, their PDF and its hash, and where the register stood."""
    vote = vote_de(scrutin)
    assert vote is not None  # noqa: S101 - the ballot has just been closed
    adoption = AdoptionPV(date=adopte_a.date, rencontre=adopte_a.titre, resolution=resolution.code, vote=vote)
    compose = composer(proces_verbal, adoption=adoption)
    octets = rendre_pdf(compose)
    document = deposer_document(
        fichier=SimpleUploadedFile(nom_de_fichier(proces_verbal), octets, "application/pdf"),
        titre=titre_de(compose),
        auteur=auteur,
    )
    proces_verbal.etat, proces_verbal.adopte_le, proces_verbal.adopte_a = (
        EtatProcesVerbal.ADOPTE,
        adopte_a.date,
        adopte_a,
    )
    proces_verbal.donnees, proces_verbal.document = vers_json(compose), document
    proces_verbal.empreinte_document = hashlib.sha256(octets).hexdigest()
    proces_verbal.numero_registre = compose.registre.numero
    proces_verbal.empreinte_registre = compose.registre.empreinte
    proces_verbal.version += 1
    ecrire(proces_verbal, auteur=auteur, motif=f"Adopté par la résolution {resolution.code}")
    inscrire_evenement(
        GenreEvenement.PROCES_VERBAL, f"proces_verbal {proces_verbal.pk}", corps=corps_adoption(proces_verbal)
    )
    notifications.annoncer_adoption(proces_verbal)


def corps_adoption(proces_verbal: ProcesVerbal) -> dict[str, Any]:
    """Return what the register says of adopted minutes, in clear: their meeting, their adoption, the hashes."""
    return {
        "rencontre": proces_verbal.rencontre_id,
        "adopte_a": proces_verbal.adopte_a_id,
        "adopte_le": proces_verbal.adopte_le.isoformat() if proces_verbal.adopte_le else None,
        "numero_registre": proces_verbal.numero_registre,
        "document": proces_verbal.empreinte_document,
        "donnees": hashlib.sha256(canonique(proces_verbal.donnees or {}).encode()).hexdigest(),
        "tete": proces_verbal.empreinte_registre,
    }


def est_intact(proces_verbal: ProcesVerbal) -> bool:
    """True when what is frozen is still what the register said at the adoption (R7)."""
    ligne = EvenementRegistre.objects.filter(
        objet=f"proces_verbal {proces_verbal.pk}", genre=GenreEvenement.PROCES_VERBAL
    ).last()
    return ligne is not None and ligne.valeurs == corps_adoption(proces_verbal)


def lire_document(proces_verbal: ProcesVerbal) -> bytes:
    """Return the PDF of adopted minutes, once sure that it is the one adopted.

    Errors: ErreurMetier when the file is gone, or is no longer the one that was adopted.
    """
    assert proces_verbal.document is not None  # noqa: S101 - a constraint says so
    try:
        with proces_verbal.document.fichier.open("rb") as fichier:
            octets: bytes = fichier.read()
    except OSError as erreur:
        raise ErreurMetier("Le PDF de ce procès-verbal n’est plus sur le serveur.") from erreur
    if hashlib.sha256(octets).hexdigest() != proces_verbal.empreinte_document:
        raise ErreurMetier(
            "Le PDF de ce procès-verbal ne correspond plus à son empreinte\u00a0: il n’est pas servi. Prévenez la "
            "coordination."
        )
    return octets


def controler_documents_adoptes() -> Iterator[Rupture]:
    """Read the file of each adopted procès-verbal again: it is there, and it is the one adopted."""
    adoptes = ProcesVerbal.objects.filter(etat=EtatProcesVerbal.ADOPTE).select_related("document")
    for proces_verbal in adoptes.order_by("pk"):
        try:
            lire_document(proces_verbal)
        except ErreurMetier as erreur:
            yield Rupture(None, f"proces_verbal {proces_verbal.pk}", erreur.messages[0])
