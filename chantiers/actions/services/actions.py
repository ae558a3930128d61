"""Collective actions: create, change."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from chantiers.actions.models import ActionCollective
from chantiers.actions.queries.suivi import exercice_clos_de
from demarche.comptes.models import Utilisateur
from demarche.registre.services.lignes import tenir_registre
from demarche.socle.concurrence import verrouiller_pour, verrouiller_version
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import affecter, ecrire
from partenaires.models import Organisation

CHIFFRES_CLOS = (
    "L’exercice {} est clos, et les activités ou l’argent de cette action y comptent dans son chantier : elle n’en "
    "change plus. Pour la suite, ouvrez une autre action."
)


def _partager(donnees: Mapping[str, Any]) -> tuple[dict[str, Any], list[Organisation]]:
    champs = dict(donnees)
    return champs, sorted(champs.pop("partenaires", ()), key=lambda organisation: organisation.pk)


@transaction.atomic
def creer_action(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> ActionCollective:
    """Create one collective action with its partners.

    Errors: ErreurMetier, by field, when its origin is incomplete (R2), a ponctuelle lasts a year or more (R17), or
            its end comes before its start.
    """
    champs, partenaires = _partager(donnees)
    action_collective = affecter(ActionCollective(), champs)
    ecrire(action_collective, auteur=auteur)
    action_collective.partenaires.set(partenaires)
    return action_collective


@transaction.atomic
def modifier_action(
    action_pk: int, *, version: int, auteur: Utilisateur, donnees: Mapping[str, Any]
) -> ActionCollective:
    """Change one collective action opened at that version; without change, leave no trace.

    Errors: ErreurMetier when somebody saved since, when another chantier would take along the figures of a closed
            exercice (R10), and as for `creer_action`.
    """
    tenir_registre()  # no exercice closes meanwhile
    champs, partenaires = _partager(donnees)
    action_collective, change = verrouiller_pour(ActionCollective, action_pk, version=version, donnees=champs)
    autres_partenaires = list(action_collective.partenaires.order_by("pk")) != partenaires
    if not change and not autres_partenaires:
        return action_collective
    if not change:
        verrouiller_version(ActionCollective, action_pk, version)
    if champs.get("chantier", action_collective.chantier) != action_collective.chantier:
        clos = exercice_clos_de(action_collective)
        if clos is not None:
            raise ErreurMetier({"chantier": CHIFFRES_CLOS.format(clos)}, code="clos")
    affecter(action_collective, champs)
    action_collective.version += 1
    ecrire(action_collective, auteur=auteur)
    action_collective.partenaires.set(partenaires)
    return action_collective
