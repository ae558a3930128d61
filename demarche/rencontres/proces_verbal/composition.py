"""Compose: the rows of one meeting → what its minutes say. Reads only; as many queries for one point as for thirty."""

from collections.abc import Iterable

from django.utils import timezone

from demarche.gouvernance.models import Rencontre, Resolution
from demarche.gouvernance.protocoles import MEMBRES
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.registre.services.lignes import tete_du_registre
from demarche.rencontres.enums import EtatPoint, EtatPresence
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.proces_verbal.donnees import (
    SCHEMA,
    AdoptionPV,
    DecisionPV,
    Identite,
    PointPV,
    PresencePV,
    ProcesVerbalCompose,
    RecusationPV,
    RegistrePV,
    ResolutionPV,
    Seance,
    VotePV,
)
from demarche.rencontres.proces_verbal.lecture import (
    instance_du_jour,
    rencontre_precedente,
    resolutions_sans_vote,
    scrutins_entre,
    scrutins_hors_points,
)
from demarche.rencontres.proces_verbal.phrases import (
    ebauche_cloture,
    ebauche_du_point,
    ebauche_ouverture,
    phrase_assistance,
    phrase_invites,
    phrase_quorum,
    reprend_les_notes,
)
from demarche.rencontres.protocoles import AGENDAS
from demarche.rencontres.queries.rencontres import points_de
from demarche.rencontres.services.presences import SiegeDuJour, sieges_du_jour
from demarche.scrutins.models import Recusation, Scrutin
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT

VACANT = "vacant"


def composer(proces_verbal: ProcesVerbal, *, adoption: AdoptionPV | None = None) -> ProcesVerbalCompose:
    """Return what the minutes say as the rows stand now; `adoption` when they are about to be frozen."""
    rencontre = proces_verbal.rencontre
    rencontre.instance_gouvernance = instance_du_jour(rencontre)
    sieges = sieges_du_jour(rencontre)
    assistance = AGENDAS.assistance_a(rencontre)
    precedente = rencontre_precedente(rencontre)
    points = list(points_de(rencontre))
    autres = scrutins_hors_points(rencontre, points)
    entre = scrutins_entre(precedente, rencontre)
    recusations = recusations_par_scrutin([*(p.scrutin for p in points if p.scrutin), *autres, *entre])
    textes = textes_des_points(rencontre, points)
    tete = tete_du_registre()
    return ProcesVerbalCompose(
        schema=SCHEMA,
        identite=_identite(rencontre),
        seance=_seance(rencontre),
        presences=_presences(rencontre, sieges),
        assistance="" if sieges else phrase_assistance(assistance),
        invites=phrase_invites(assistance) if sieges else "",
        quorum=phrase_quorum(rencontre, sieges),
        ouverture=proces_verbal.ouverture.strip() or ebauche_ouverture(rencontre),
        points=tuple(_point(rang, p, textes[p.pk], recusations) for rang, p in enumerate(points, start=1)),
        autres=(
            *(_decision(scrutin, recusations) for scrutin in autres),
            *(_sans_vote(resolution) for resolution in resolutions_sans_vote(rencontre, points)),
        ),
        entre_rencontres=tuple(_decision(scrutin, recusations) for scrutin in entre),
        depuis=precedente.date if precedente else None,
        cloture=proces_verbal.cloture.strip() or ebauche_cloture(rencontre, points),
        registre=RegistrePV(tete.numero, tete.empreinte, timezone.now()),
        adoption=adoption,
    )


def textes_des_points(rencontre: Rencontre, points: Iterable[PointOrdreDuJour]) -> dict[int, str]:
    """Return what is said of each point: the text written by hand, else a first one, from the rows as they stand."""
    avec_notes = reprend_les_notes(rencontre)
    return {p.pk: p.compte_rendu.strip() or ebauche_du_point(p, avec_notes=avec_notes) for p in points}


def recusations_par_scrutin(scrutins: Iterable[Scrutin]) -> dict[int, tuple[RecusationPV, ...]]:
    """Return the recusals of each of these ballots, in the order of their moments, in one query.

    A vote of the room is written after it: the instant of the writing is not told for that of the recusal.
    """
    par_pk = {scrutin.pk: scrutin for scrutin in scrutins}
    recusations = (
        Recusation.objects.filter(electeur__scrutin__in=par_pk)
        .select_related("electeur__utilisateur", "utilisateur")
        .order_by("declaree_le", "pk")
    )
    trouvees: dict[int, tuple[RecusationPV, ...]] = {}
    for recusation in recusations:
        electeur = recusation.electeur
        titulaire = (recusation.utilisateur or electeur.utilisateur) if electeur.siege_id else None
        qui = f"{electeur.libelle} ({titulaire})" if titulaire else electeur.libelle
        a_distance = par_pk[electeur.scrutin_id].est_a_distance
        dite = RecusationPV(qui, timezone.localtime(recusation.declaree_le) if a_distance else None)
        trouvees[electeur.scrutin_id] = (*trouvees.get(electeur.scrutin_id, ()), dite)
    return trouvees


def vote_de(scrutin: Scrutin) -> VotePV | None:
    """Return the counts of a closed ballot."""
    if scrutin.clos_le is None or not scrutin.issue:
        return None
    decompte = scrutin.decompte
    venus = decompte.nb_participants if decompte.nb_presents is None else decompte.nb_presents
    return VotePV(
        mode=scrutin.mode,
        clos_le=timezone.localtime(scrutin.clos_le),
        nb_pour=decompte.nb_pour,
        nb_contre=decompte.nb_contre,
        nb_abstentions=decompte.nb_abstentions,
        nb_recusations=decompte.nb_recusations,
        nb_absents=max(decompte.nb_appeles - venus, 0),
        quorum=decompte.quorum,
        issue=scrutin.issue,
    )


def _identite(rencontre: Rencontre) -> Identite:
    demarche = la_demarche()
    return Identite(
        demarche=demarche.nom if demarche else "",
        couleur=demarche.couleur if demarche else COULEUR_PAR_DEFAUT,
        instance=rencontre.instance_gouvernance.nom,
    )


def _seance(rencontre: Rencontre) -> Seance:
    return Seance(
        titre=rencontre.titre,
        date=rencontre.date,
        heure=rencontre.heure,
        ouverte_a=rencontre.ouverte_a,
        levee_a=rencontre.levee_a,
        lieu=rencontre.lieu,
        presidence=rencontre.presidence,
        secretariat=rencontre.secretariat,
    )


def _presences(rencontre: Rencontre, sieges: list[SiegeDuJour]) -> tuple[PresencePV, ...]:
    organisations = MEMBRES.organisations_de([s.siege.pk for s in sieges], rencontre.date)

    def une(s: SiegeDuJour) -> PresencePV:
        etat = VACANT if s.est_vacant else (s.presence.etat if s.presence else "")
        present = s.presence if s.presence and etat == EtatPresence.PRESENT else None
        return PresencePV(
            numero=s.siege.numero,
            siege=s.siege.libelle,
            nom=str(s.titulaire) if s.titulaire else "",
            organisation=organisations.get(s.siege.pk, ""),
            etat=etat,
            arrivee_a=present.arrivee_a if present else None,
            depart_a=present.depart_a if present else None,
        )

    return tuple(une(s) for s in sieges)


def _point(
    rang: int, point: PointOrdreDuJour, texte: str, recusations: dict[int, tuple[RecusationPV, ...]]
) -> PointPV:
    nommes = {"proposee_par": point.proposee_par, "appuyee_par": point.appuyee_par}
    decision = None
    if point.scrutin is not None:
        decision = _decision(point.scrutin, recusations, resolution=point.resolution, **nommes)
    elif point.resolution is not None:
        decision = _sans_vote(point.resolution, **nommes)
    reporte = point.reporte_a.rencontre.date if hasattr(point, "reporte_a") else None
    return PointPV(
        numero=rang,
        titre=point.titre,
        compte_rendu=texte,
        decision=decision,
        reporte_au=reporte if point.etat == EtatPoint.REPORTE else None,
    )


def _decision(
    scrutin: Scrutin,
    recusations: dict[int, tuple[RecusationPV, ...]],
    *,
    resolution: Resolution | None = None,
    **nommes: str,
) -> DecisionPV:
    inscrite = resolution or getattr(scrutin, "resolution", None)
    return DecisionPV(
        question=scrutin.question,
        texte=scrutin.texte,
        recusations=recusations.get(scrutin.pk, ()),
        vote=vote_de(scrutin),
        resolution=_resolution(inscrite, **nommes) if inscrite else None,
    )


def _sans_vote(resolution: Resolution, **nommes: str) -> DecisionPV:
    return DecisionPV(resolution.titre, resolution.texte, (), None, _resolution(resolution, **nommes))


def _resolution(resolution: Resolution, *, proposee_par: str = "", appuyee_par: str = "") -> ResolutionPV:
    return ResolutionPV(resolution.code, resolution.titre, resolution.texte, proposee_par, appuyee_par)
