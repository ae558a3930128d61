"""What the modules of the sample démarche share: the rows already written, by key, and one way to write another."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from chantiers.actions.models import ActionCollective, Chantier
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Rencontre, Territoire
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import PointOrdreDuJour
from evaluation.plan.models import Strategie
from partenaires.models import Organisation, Personne

M = TypeVar("M", bound=models.Model)


def champs(modele: type[models.Model], ligne: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line of a data file says of the fields of this model."""
    noms = {champ.name for champ in modele._meta.concrete_fields}
    return {cle: valeur for cle, valeur in ligne.items() if cle in noms}


@dataclass
class Demo:
    """The sample démarche while it is being written, on a given day."""

    jour: datetime.date
    comptes: dict[str, Utilisateur] = field(default_factory=dict)
    instances: dict[str, InstanceGouvernance] = field(default_factory=dict)
    territoires: dict[str, Territoire] = field(default_factory=dict)
    exercices: dict[str, Exercice] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    personnes: dict[str, Personne] = field(default_factory=dict)
    chantiers: dict[str, Chantier] = field(default_factory=dict)
    actions: dict[str, ActionCollective] = field(default_factory=dict)
    strategies: dict[str, Strategie] = field(default_factory=dict)

    @property
    def auteur(self) -> Utilisateur:
        return self.comptes["coordonnatrice"]

    @property
    def reference(self) -> Exercice:
        """The full exercice, the one of the model bilan."""
        return self.exercices["2023-2024"]

    @property
    def courant(self) -> Exercice:
        """The exercice that contains the day."""
        return next(exercice for exercice in self.exercices.values() if exercice.contient(self.jour))

    @property
    def suivants(self) -> list[Exercice]:
        """The exercices after the full one, the current one included, oldest first."""
        return [exercice for exercice in self.exercices.values() if exercice.debut > self.reference.fin]

    def creer(self, objet: M) -> M:
        """Check one row whole, save it signed by the coordination, and return it."""
        objet.full_clean()
        objet._history_user = self.comptes.get("coordonnatrice")  # type: ignore[attr-defined]
        objet.save()
        return objet

    def ecrire(self, modele: type[M], ligne: Mapping[str, Any], **autres: Any) -> M:
        """Write one row from a line of a data file, whose keys bear the names of the fields; `autres` comes first."""
        return self.creer(modele(**{**champs(modele, ligne), **autres}))

    def convoquer(self, rencontre: Rencontre, ordre_du_jour: str) -> Rencontre:
        """Write one meeting with its agenda, one point a line; those of the past are dealt with."""
        ecrite = self.creer(rencontre)
        etat = EtatPoint.TRAITE if ecrite.date < self.jour else EtatPoint.A_TRAITER
        for ordre, titre in enumerate(ordre_du_jour.splitlines(), start=1):
            self.creer(PointOrdreDuJour(rencontre=ecrite, ordre=ordre, titre=titre, etat=etat))
        return ecrite
