"""Reads of ballots: who took part, who is waited for, which voices wait for somebody (R3, R4, R5)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.decompte import Decompte, depouiller
from demarche.gouvernance.enums import MODES_A_DISTANCE
from demarche.gouvernance.models import Mandat, Resolution, Siege
from demarche.gouvernance.protocoles import MEMBRES
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.scrutins.enums import CanalVote
from demarche.scrutins.models import Electeur, Rappel, Scrutin, Vote
from demarche.scrutins.protocoles import ELECTORATS, OBJETS


def titulaires_du_jour(electeurs: Iterable[Electeur]) -> dict[int, Utilisateur]:
    """Return who speaks today for each voice: the holder of the seat today, the account called for a partner.

    Shape: mapping electeur.pk -> account; a voice that nobody holds today is left out. One query.
    """
    tous = list(electeurs)
    mandats = Mandat.objects.en_vigueur(timezone.localdate()).filter(
        siege__in=[electeur.siege_id for electeur in tous if electeur.siege_id], utilisateur__is_active=True
    )
    par_siege = {mandat.siege_id: mandat.utilisateur for mandat in mandats.select_related("utilisateur")}
    trouves = {
        electeur.pk: par_siege.get(electeur.siege_id) if electeur.siege_id else electeur.utilisateur
        for electeur in tous
    }
    return {pk: compte for pk, compte in trouves.items() if compte is not None and compte.is_active}


@dataclass(frozen=True)
class Participation:
    """One voice of a ballot: whether it took part, never how it voted (R5)."""

    voix: str
    nom: str  # who held the seat at the opening; empty for a partner
    organisation: str
    etat: str  # « a_vote », « recuse », « attendu » (« absent » once closed), « vacant »: not called (R3)


@dataclass(frozen=True)
class GroupeParticipations:
    """The voices of a ballot in one state."""

    etat: str
    voix: tuple[Participation, ...]


ETATS_PARTICIPATION = ("a_vote", "attendu", "absent", "recuse", "vacant")


def electeurs_du_scrutin(scrutin: Scrutin) -> list[Electeur]:
    """Return the voices called to a ballot with their answer and their recusal, in one query."""
    return list(scrutin.electeurs.select_related("utilisateur", "vote", "recusation").order_by("numero"))


def decompte_en_cours(scrutin: Scrutin, electeurs: Sequence[Electeur]) -> Decompte:
    """Return the count of an open ballot from its voices already read; hidden until it closes (R5)."""
    return depouiller(
        [electeur.vote.choix for electeur in electeurs if hasattr(electeur, "vote")],
        nb_electeurs=len(electeurs),
        nb_recusations=sum(1 for electeur in electeurs if hasattr(electeur, "recusation")),
        regle=scrutin.regle,
    )


def participations(scrutin: Scrutin, electeurs: Sequence[Electeur]) -> list[Participation]:
    """Return who took part in a ballot, voice by voice, in one query more; the seats vacant at the opening last."""
    sieges = [electeur.siege_id for electeur in electeurs if electeur.siege_id]
    organisations = MEMBRES.organisations_de(sieges, scrutin.jour)
    appelees = [
        Participation(
            electeur.libelle,
            str(electeur.utilisateur or "") if electeur.siege_id else "",
            organisations.get(electeur.siege_id or 0, ""),
            _etat(scrutin, electeur),
        )
        for electeur in electeurs
    ]
    return appelees + [Participation(libelle, "", "", "vacant") for libelle in scrutin.sieges_vacants]


def _etat(scrutin: Scrutin, electeur: Electeur) -> str:
    if hasattr(electeur, "recusation"):
        return "recuse"
    if hasattr(electeur, "vote"):
        return "a_vote"
    return "attendu" if scrutin.est_ouvert else "absent"


def groupes_de_participations(scrutin: Scrutin, electeurs: Sequence[Electeur]) -> list[GroupeParticipations]:
    """Return the voices of a ballot by state, those who took part first; the empty states left out."""
    toutes = participations(scrutin, electeurs)
    groupes = [GroupeParticipations(etat, tuple(p for p in toutes if p.etat == etat)) for etat in ETATS_PARTICIPATION]
    return [groupe for groupe in groupes if groupe.voix]


def votes_au_telephone(scrutin: Scrutin) -> QuerySet[Vote]:
    """Return the answers of a ballot taken by phone, for the team: whose voice, who wrote it, when."""
    recus = Vote.objects.filter(electeur__scrutin=scrutin, canal=CanalVote.TELEPHONE)
    return recus.select_related("electeur", "inscrit_par").order_by("electeur__numero")


@dataclass(frozen=True)
class Suivi:
    """One voice of an open ballot, as the team follows it: when, never how."""

    electeur: Electeur
    titulaire: Utilisateur | None
    nom: str  # of the citizen behind the voice, for the team alone (R13); empty for the others
    vote: Vote | None
    dernier_rappel: datetime.datetime | None  # sent to today's holder of the voice

    def __str__(self) -> str:
        return f"{self.electeur.libelle} ({self.qui})" if self.qui else self.electeur.libelle

    @property
    def qui(self) -> str:
        return str(self.titulaire or self.nom)

    @property
    def a_ouvert(self) -> bool:
        return self.electeur.est_consulte_par(self.titulaire)

    @property
    def peut_telephoner(self) -> bool:
        """False for a seat that nobody holds today; a partner without account may answer by phone."""
        return self.titulaire is not None or self.electeur.siege_id is None


@dataclass(frozen=True)
class QuiBloque:
    """Where each voice of an open ballot stands; « ouvert » means that the person displayed the sheet."""

    sans_ouvrir: tuple[Suivi, ...]
    sans_voter: tuple[Suivi, ...]
    ont_vote: tuple[Suivi, ...]
    recuses: tuple[Suivi, ...]


def qui_bloque(scrutin: Scrutin) -> QuiBloque:
    """Return, for the team, who has not opened, opened without voting, voted, is recused.

    In three queries, one more at the assemblée for the names of its citizens.
    """
    electeurs = list(
        scrutin.electeurs.select_related("utilisateur", "siege", "vote__inscrit_par", "recusation").order_by("numero")
    )
    titulaires = titulaires_du_jour(electeurs)
    envoyes = Rappel.objects.filter(electeurs__scrutin=scrutin)
    rappels = {(voix, qui): le for voix, qui, le in envoyes.values_list("electeurs", "utilisateur", "envoye_le")}
    noms = ELECTORATS.noms_des_voix([electeur.pk for electeur in electeurs if electeur.siege_id is None])
    suivis = []
    for electeur in electeurs:
        titulaire = titulaires.get(electeur.pk)
        rappel = rappels.get((electeur.pk, titulaire.pk)) if titulaire else None
        suivis.append(Suivi(electeur, titulaire, noms.get(electeur.pk, ""), getattr(electeur, "vote", None), rappel))
    recuses = tuple(s for s in suivis if hasattr(s.electeur, "recusation"))
    restants = [s for s in suivis if s not in recuses]
    return QuiBloque(
        sans_ouvrir=tuple(s for s in restants if s.vote is None and not s.a_ouvert),
        sans_voter=tuple(s for s in restants if s.vote is None and s.a_ouvert),
        ont_vote=tuple(s for s in restants if s.vote is not None),
        recuses=recuses,
    )


def voix_en_attente(utilisateur: Utilisateur) -> Sequence[Electeur]:
    """Return the voices of this person that an open remote ballot still waits for, the nearest deadline first (R5).

    Without vote nor recusal, before the deadline, on a question that neither the person nor its organisation
    asks (R4). The query count does not depend on how many ballots are open.
    """
    sieges = [mandat.siege_id for mandat in mandats_du_jour(utilisateur)]
    autres = ELECTORATS.electeurs_de(utilisateur)
    return _voix_attendues(Q(siege__in=sieges) | Q(pk__in=autres), utilisateur)


def scrutins_attendant(siege: Siege, compte: Utilisateur, du: datetime.date) -> list[Scrutin]:
    """Return the open remote ballots that still wait for a seat on the day this person takes it, the nearest deadline
    first; never a question that the person, or its organisation, asks.
    """
    voix = _voix_attendues(Q(siege=siege), compte)
    return [v.scrutin for v in voix if v.scrutin.echeance and timezone.localdate(v.scrutin.echeance) >= du]


def _voix_attendues(lesquelles: Q, utilisateur: Utilisateur) -> list[Electeur]:
    """Return these voices at the open remote ballots that wait for them, but where this person asks; two queries."""
    ouverts = Scrutin.objects.ouverts().filter(mode__in=MODES_A_DISTANCE, echeance__gt=timezone.now())
    voix = list(
        Electeur.objects.filter(lesquelles, scrutin__in=ouverts, vote=None, recusation=None)
        .select_related("scrutin__instance_gouvernance", "siege")
        .order_by("scrutin__echeance", "numero")
    )
    demandeurs = OBJETS.demandeurs_de(electeur.scrutin for electeur in voix)
    return [electeur for electeur in voix if utilisateur.pk not in demandeurs[electeur.scrutin_id]]


def scrutins_loin_du_quorum(avant: datetime.datetime) -> list[tuple[Scrutin, Decompte]]:
    """Return the open remote ballots that close by then without their quorum yet, the nearest first, with their count
    as it stands, hidden until they close (R5); two queries.
    """
    electeurs = Electeur.objects.select_related("vote", "recusation")
    scrutins = (
        Scrutin.objects.ouverts()
        .filter(mode__in=MODES_A_DISTANCE, echeance__gt=timezone.now(), echeance__lte=avant)
        .prefetch_related(Prefetch("electeurs", queryset=electeurs))
        .order_by("echeance", "pk")
    )
    decomptes = [(scrutin, decompte_en_cours(scrutin, list(scrutin.electeurs.all()))) for scrutin in scrutins]
    return [(scrutin, decompte) for scrutin, decompte in decomptes if decompte.nb_participants < decompte.quorum]


def scrutin_de(resolution: Resolution) -> Scrutin | None:
    """Return the ballot that adopted a resolution, None for one taken without; no query when it was selected."""
    try:
        scrutin: Scrutin = resolution.scrutin
    except Scrutin.DoesNotExist:
        return None
    return scrutin


def scrutins_comptes(scrutins: QuerySet[Scrutin]) -> QuerySet[Scrutin]:
    """Return ballots with how many voices are called and how many answered, recusals left out of both."""
    return scrutins.select_related("instance_gouvernance", "rencontre").annotate(
        nb_appeles=Count("electeurs", filter=Q(electeurs__recusation=None), distinct=True),
        nb_reponses=Count("electeurs__vote", distinct=True),
    )


def scrutins_appelant(siege: Siege) -> list[Scrutin]:
    """Return the open ballots that one seat is called to, each with whether it has voted (`a_vote`)."""
    votes = Vote.objects.filter(electeur__scrutin=OuterRef("pk"), electeur__siege=siege)
    return list(Scrutin.objects.ouverts().filter(electeurs__siege=siege).annotate(a_vote=Exists(votes)))
