"""Votes held in a meeting: counted hands, by seat or by number (R5, R6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.decompte import Decompte
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.gouvernance.models import InstanceGouvernance, Rencontre, Resolution
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.gouvernance.services.regles_decision import regle_du_scrutin
from demarche.registre.services.lignes import Faits, tenir_registre
from demarche.rencontres.services.rencontres import exiger_maintenue, exiger_proces_verbal_ouvert
from demarche.scrutins.enums import CanalVote
from demarche.scrutins.models import Electeur, Recusation, Scrutin
from demarche.scrutins.services.electeurs import libelles_vacants, sieges_appeles
from demarche.scrutins.services.inscriptions import inscrire_recusation, inscrire_vote
from demarche.scrutins.services.scrutins import appeler, clore, decompte_de, verrouiller_scrutin
from demarche.socle.erreurs import ErreurMetier

RECUSATION = "recusation"
ABSENT = "absent"


@dataclass(frozen=True)
class CompteSalle:
    """What was counted in the room; `nb_presents` leaves out the people who recused themselves.

    Where seats vote, the recused seats are named by number (`recuses`); elsewhere they are counted (`nb_recusations`).
    """

    nb_presents: int
    nb_pour: int
    nb_contre: int
    nb_abstentions: int
    nb_recusations: int = 0
    recuses: frozenset[int] = frozenset()


@transaction.atomic
def ouvrir_vote_en_rencontre(
    *,
    rencontre: Rencontre,
    question: str,
    texte: str,
    auteur: Utilisateur,
    demandeur: Utilisateur | None = None,
    inscrit_resolution: bool = False,
    corrige: Resolution | None = None,
    faits: Faits | None = None,
) -> Scrutin:
    """Open, in the register, the vote held on one question of a meeting; the caller closes it in its transaction.

    The electors are the seats filled on the day of the meeting; an instance without seats (the assemblée) has none.
    Errors: ErreurMetier when the meeting is to come, in a closed exercice, cancelled, or its minutes adopted.
    """
    tenir_registre()
    if rencontre.date > timezone.localdate():
        raise ErreurMetier("Cette rencontre n’a pas encore eu lieu.")
    exiger_jour_ouvert(rencontre.date)
    exiger_proces_verbal_ouvert(rencontre)
    exiger_maintenue(rencontre)
    instance: InstanceGouvernance = rencontre.instance_gouvernance
    appeles = sieges_appeles(instance, rencontre.date)
    scrutin = Scrutin.objects.create(
        instance_gouvernance=instance,
        mode=ModeDecision.MAIN_LEVEE,
        question=question,
        texte=texte,
        ouvert_par=auteur,
        demandeur=demandeur,
        rencontre=rencontre,
        inscrit_resolution=inscrit_resolution,
        corrige=corrige,
        sieges_vacants=libelles_vacants(instance, appeles),
        **regle_du_scrutin(instance, ModeDecision.MAIN_LEVEE),
    )
    appeler(scrutin, appeles, faits=faits)
    return scrutin


@transaction.atomic
def clore_par_siege(scrutin_pk: int, *, reponses: Mapping[int, str], auteur: Utilisateur) -> Scrutin:
    """Write what each seat answered in the meeting, and close.

    Shape:  `reponses` maps the number of each seat called to a value of `Choix`, `RECUSATION` or `ABSENT`; a seat left
            out was absent. The demandeur is recused in every case.
    Errors: ErreurMetier when a seat was not called, or when nobody answered.
    """
    scrutin = _ouvert_en_rencontre(scrutin_pk)
    electeurs = _appeles(scrutin, reponses)
    for numero, electeur in electeurs.items():
        reponse = reponses.get(numero, ABSENT)
        if reponse == RECUSATION:
            inscrire_recusation(electeur, utilisateur=electeur.utilisateur)
        elif reponse != ABSENT and not hasattr(electeur, "recusation"):
            inscrire_vote(
                electeur,
                utilisateur=electeur.utilisateur,
                choix=Choix(reponse),
                canal=CanalVote.RENCONTRE,
                inscrit_par=auteur,
            )
    decompte = decompte_de(scrutin)
    if decompte.nb_participants == 0 and decompte.nb_recusations == 0:
        raise ErreurMetier("Indiquez ce que chaque siège présent a répondu.")
    clore(scrutin, decompte)
    return scrutin


@transaction.atomic
def clore_par_nombre(scrutin_pk: int, *, compte: CompteSalle, plafond: int | None = None) -> Scrutin:
    """Write the count made in the room, and close.

    The quorum is that of the seats filled that day; without seats (the assemblée), that of the people present. The
    demandeur is recused, counted by the room or not.
    `plafond` is how many voices the instance has at all: the partners in good standing (R6).
    Errors: ErreurMetier when the count is impossible.
    """
    scrutin = _ouvert_en_rencontre(scrutin_pk)
    electeurs = _appeles(scrutin, compte.recuses)
    for numero in compte.recuses:
        inscrire_recusation(electeurs[numero], utilisateur=electeurs[numero].utilisateur)
    nommes = Recusation.objects.filter(electeur__scrutin=scrutin).count()
    nb_recusations = nommes if electeurs else compte.nb_recusations
    if compte.nb_presents < 1 and nb_recusations < 1:
        raise ErreurMetier({"nb_presents": "Indiquez combien de personnes étaient présentes."})
    votes = compte.nb_pour + compte.nb_contre + compte.nb_abstentions
    if votes > compte.nb_presents:
        raise ErreurMetier({"nb_presents": "Il y a plus de votes comptés que de personnes présentes."})
    total = compte.nb_presents + nb_recusations
    nb_sieges = len(electeurs)
    limite = nb_sieges or plafond
    if limite is not None and total > limite:
        quoi = "sièges pourvus" if nb_sieges else "partenaires en règle ce jour-là"
        raise ErreurMetier({"nb_presents": f"Il y a {limite} {quoi} : il ne peut pas y avoir {total} voix."})
    decompte = Decompte(
        nb_electeurs=nb_sieges or total,
        nb_recusations=nb_recusations,
        nb_pour=compte.nb_pour,
        nb_contre=compte.nb_contre,
        nb_abstentions=compte.nb_abstentions,
        regle=scrutin.regle,
        nb_presents=compte.nb_presents,
    )
    clore(scrutin, decompte)
    return scrutin


def _appeles(scrutin: Scrutin, numeros: Iterable[int]) -> dict[int, Electeur]:
    """Return the seats called, by number; refused when one of these numbers is not."""
    electeurs = {e.numero: e for e in scrutin.electeurs.select_related("utilisateur", "siege")}
    inconnus = set(numeros) - set(electeurs)
    if inconnus:
        raise ErreurMetier(f"Le siège nº {min(inconnus)} n’est pas appelé à ce vote.")
    return electeurs


def _ouvert_en_rencontre(pk: int) -> Scrutin:
    scrutin = verrouiller_scrutin(pk)
    if not scrutin.est_ouvert or scrutin.est_a_distance:
        raise ErreurMetier("Ce vote est déjà inscrit.", code="clos")
    return scrutin
