"""Compose the collective actions of the exercice, by chantier, with their totals and the money from outside."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q

from chantiers.actions.enums import EtatAction, FiabiliteNombre
from chantiers.actions.models import ActionCollective, Activite, Chantier, ObjectifChantier
from chantiers.actions.queries import activites as totaux_activites
from chantiers.actions.queries.activites import AUCUNE_ACTIVITE, TotauxActivites
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from demarche.gouvernance.models import Exercice, Rencontre
from demarche.socle.models import Document
from evaluation.bilan.document import donnees
from evaluation.plan.queries.plans import strategies_de

Totaux = dict[int | None, TotauxActivites]


def composer_actions(exercice: Exercice, *, texte: str) -> donnees.ActionsCollectives:
    """Return the public actions of the exercice by chantier, then those without chantier.

    The bilan is a public document: an action kept from the public is neither listed nor counted, only its number is.
    """
    actions = list(_actions(exercice))
    reservees = ActionCollective.objects.de_l_exercice(exercice).filter(est_publique=False).count()
    par_action = totaux_activites.totaux_par_action(exercice, publiques=True)
    par_chantier = totaux_activites.totaux_par_chantier(exercice, publiques=True)
    financements = _financements(exercice, actions)
    objectifs = ObjectifChantier.objects.filter(exercice=exercice).order_by("numero")
    rencontres = Rencontre.objects.de_l_exercice(exercice).maintenues().order_by("date", "pk")
    chantiers = (
        Chantier.objects.filter(
            Q(pk__in={a.chantier_id for a in actions if a.chantier_id})
            | Q(pk__in=objectifs.values("chantier"))
            | Q(instance_gouvernance__in=rencontres.values("instance_gouvernance"))
        )
        .select_related("instance_gouvernance")
        .prefetch_related(
            Prefetch("objectifs", queryset=objectifs),
            Prefetch("instance_gouvernance__rencontres", queryset=rencontres),
        )
        .order_by("ordre", "nom")
    )
    composes = [
        donnees.ChantierBilan(
            nom=chantier.nom,
            description=chantier.description,
            objectifs=tuple(o.texte for o in chantier.objectifs.all()),
            rencontres=tuple(r.date for r in chantier.instance_gouvernance.rencontres.all())
            if chantier.instance_gouvernance
            else (),
            actions=_du_chantier(actions, chantier.pk, par_action, exercice),
            totaux=par_chantier.get(chantier.pk, AUCUNE_ACTIVITE),
            financements=financements.get(chantier.pk, ()),
        )
        for chantier in chantiers
    ]
    sans_chantier = _du_chantier(actions, None, par_action, exercice)
    if sans_chantier:
        totaux = par_chantier.get(None, AUCUNE_ACTIVITE)
        composes.append(donnees.ChantierBilan("", "", (), (), sans_chantier, totaux, financements.get(None, ())))
    return donnees.ActionsCollectives(
        texte, tuple(composes), totaux_activites.totaux_exercice(exercice, publiques=True), reservees
    )


def _actions(exercice: Exercice) -> Iterable[ActionCollective]:
    activites = Activite.objects.de_l_exercice(exercice).select_related("photo").order_by("date", "pk")
    return (
        ActionCollective.objects.de_l_exercice(exercice)
        .publiques()
        .select_related("porteur", "territoire", "concertation")
        .prefetch_related(
            Prefetch("activites", queryset=activites),
            "partenaires",
            Prefetch("strategies", queryset=strategies_de(exercice)),
        )
        .order_by("debut", "titre", "pk")
    )


def _du_chantier(
    actions: list[ActionCollective], pk: int | None, totaux: Totaux, exercice: Exercice
) -> tuple[donnees.ActionBilan, ...]:
    return tuple(_action(a, totaux.get(a.pk, AUCUNE_ACTIVITE), exercice) for a in actions if a.chantier_id == pk)


def etat_a_la_fin(action: ActionCollective, exercice: Exercice) -> str:
    """Return the state on the last day of the exercice: what was completed later was still under way then."""
    if action.etat == EtatAction.COMPLETEE and action.fin and action.fin > exercice.fin:
        return str(EtatAction.EN_COURS.label)
    return action.get_etat_display()


def _action(action: ActionCollective, totaux: TotauxActivites, exercice: Exercice) -> donnees.ActionBilan:
    return donnees.copier(
        donnees.ActionBilan,
        action,
        genre=action.get_type_action_display(),
        etat=etat_a_la_fin(action, exercice),
        origine=action.concertation.nom if action.concertation else action.get_origine_display(),
        porteur=action.porteur.nom if action.porteur else "",
        partenaires=tuple(p.nom for p in action.partenaires.all() if p.pk != action.porteur_id),
        territoire=action.territoire.nom if action.territoire else "",
        strategies=tuple(s.code for s in action.strategies.all()),
        activites=tuple(
            donnees.copier(
                donnees.ActiviteBilan,
                activite,
                est_estime=activite.fiabilite == FiabiliteNombre.ESTIME,
                photo=activite.photo and _photo(activite.photo),
            )
            for activite in action.activites.all()
        ),
        totaux=totaux,
    )


def _photo(document: Document) -> donnees.PhotoBilan | None:
    """Return the photo when anybody may see it and its description is written: a public document needs both."""
    if not (document.est_image and document.est_public and document.texte_alternatif):
        return None
    return donnees.PhotoBilan(
        f"photo-{document.pk}", document.fichier.name or "", document.type_contenu, document.texte_alternatif
    )


def _financements(
    exercice: Exercice, actions: list[ActionCollective]
) -> dict[int | None, tuple[donnees.FinancementBilan, ...]]:
    """Return the revenues from outside of these actions, by chantier: the real amount, else the planned one."""
    par_pk = {action.pk: action for action in actions}
    lignes = LigneBudgetaire.objects.filter(
        exercice=exercice, nature=NatureLigne.REVENU, action_collective__in=par_pk
    ).exclude(bailleur="")
    groupes: dict[int | None, list[donnees.FinancementBilan]] = {}
    for ligne in lignes.order_by("action_collective__debut", "action_collective__titre", "pk"):
        action = par_pk[ligne.action_collective_id or 0]
        est_prevu = ligne.montant_reel is None
        montant = ligne.montant_prevu if ligne.montant_reel is None else ligne.montant_reel
        groupes.setdefault(action.chantier_id, []).append(
            donnees.FinancementBilan(action.titre, ligne.bailleur, ligne.gestionnaire, montant, est_prevu)
        )
    return {chantier: tuple(lot) for chantier, lot in groupes.items()}
