"""What a request says: its fields, its lines, what others cover; compared, checked and written as one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils import timezone

from chantiers.actions.models import ActionCollective
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import EtatDemande, GenreApport
from chantiers.demandes.models import ApportDemande, DemandeFonds, OrganisationConcernee, PosteDemande
from chantiers.demandes.services.demandes import reevaluer, reevaluer_action
from chantiers.demandes.services.manques import EXERCICE_TERMINE, REEL_DEJA_ECRIT
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.ecriture import signer
from partenaires.models import Organisation

TOTAL_MAXIMAL = Decimal("99999999.99")  # far under what a column of totals holds: a slip of the finger
SANS_POSTE = "Ajoutez au moins un poste de dépense avec son montant."


@dataclass(frozen=True)
class Poste:
    """One line of the breakdown as typed; amount in CAD."""

    libelle: str
    montant: Decimal


@dataclass(frozen=True)
class Apport:
    """One part of the cost covered elsewhere, as typed; amount in CAD."""

    genre: GenreApport
    source: str
    montant: Decimal
    est_confirme: bool = False


@dataclass(frozen=True)
class Contenu:
    """All that a writer may change in a request."""

    action_collective: ActionCollective
    exercice: Exercice
    titre: str
    motif: str
    organisation: Organisation | None
    postes: Sequence[Poste]
    apports: Sequence[Apport] = ()
    ligne_budgetaire: LigneBudgetaire | None = None
    est_personnelle: bool = False  # a citizen asks for herself, not the démarche
    concernees: Sequence[Organisation] = ()  # those that supply what is paid, or benefit from it (R4)

    @property
    def montant(self) -> Decimal:
        """The amount asked for is the sum of the lines, never typed; what is covered elsewhere is not in it."""
        return sum((poste.montant for poste in self.postes), Decimal(0))

    @property
    def champs(self) -> dict[str, Any]:
        """Return the fields of the request itself."""
        noms = [champ.name for champ in fields(self) if champ.name not in ("postes", "apports", "concernees")]
        return {nom: getattr(self, nom) for nom in noms} | {"montant_demande": self.montant}

    def verifier(self, demande: DemandeFonds | None = None) -> None:
        """Refuse a content without line or amount, of an exercice over, or on the budget line of another action.

        `demande`, the request it changes, keeps its own exercice even once over: nobody asks anew for a year that is
        past, where nothing else would count in the total (R1).
        """
        if not self.postes:
            raise ErreurMetier(SANS_POSTE)
        if self.montant <= 0 or any(poste.montant < 0 for poste in self.postes):
            raise ErreurMetier("Le total demandé doit dépasser zéro, et aucun poste n’est négatif.")
        if self.montant > TOTAL_MAXIMAL:
            raise ErreurMetier(f"Le total demandé dépasse {ecrire_dollars(TOTAL_MAXIMAL)} : vérifiez les montants.")
        exiger_exercice_ouvert(self.exercice)
        garde = demande is not None and demande.exercice_id == self.exercice.pk
        if not garde and self.exercice.fin < timezone.localdate():
            raise ErreurMetier({"exercice": EXERCICE_TERMINE.format(self.exercice)})
        verifier_ligne(self.ligne_budgetaire, self.action_collective, self.exercice)


def verifier_ligne(ligne: LigneBudgetaire | None, action: ActionCollective, exercice: Exercice) -> None:
    """Refuse a budget line that is not an expense of that action in that exercice, or whose real amount is typed.

    Errors: ErreurMetier beside the field.
    """
    if ligne is None:
        return
    if (ligne.action_collective_id, ligne.exercice_id, ligne.nature) != (action.pk, exercice.pk, NatureLigne.DEPENSE):
        raise ErreurMetier(
            {"ligne_budgetaire": f"Choisissez une dépense de l’action « {action} » pour l’exercice {exercice}."}
        )
    if ligne.montant_reel is not None:
        raise ErreurMetier({"ligne_budgetaire": REEL_DEJA_ECRIT.format(ligne)})


def contenu_change(demande: DemandeFonds, voulu: Contenu) -> bool:
    """True when this content differs from what the request says."""
    return (
        any(getattr(demande, nom) != valeur for nom, valeur in voulu.champs.items())
        or postes_de(demande) != list(voulu.postes)
        or apports_de(demande) != list(voulu.apports)
        or concernees_de(demande) != {organisation.pk for organisation in voulu.concernees}
    )


def ecrire_contenu(demande: DemandeFonds, voulu: Contenu, *, auteur: Utilisateur) -> DemandeFonds:
    """Write a content checked on a new or locked request, and evaluate again the actions whose total it changes."""
    nouvelle = demande.pk is None
    avant = None if nouvelle else (demande.action_collective_id, demande.exercice_id)
    for nom, valeur in voulu.champs.items():
        setattr(demande, nom, valeur)
    if nouvelle:
        signer(demande, auteur, "Rédaction").save()
    else:
        demande.version += 1
        signer(demande, auteur, "Modification").save()
    if nouvelle or postes_de(demande) != list(voulu.postes):
        demande.postes.all().delete()
        for poste in voulu.postes:
            PosteDemande.objects.create(demande=demande, libelle=poste.libelle, montant=poste.montant)
    if nouvelle or apports_de(demande) != list(voulu.apports):
        demande.apports.all().delete()
        for apport in voulu.apports:
            ApportDemande.objects.create(demande=demande, **vars(apport))
    if concernees_de(demande) != {organisation.pk for organisation in voulu.concernees}:
        demande.concernees.exclude(organisation__in=voulu.concernees).delete()
        for organisation in voulu.concernees:
            OrganisationConcernee.objects.get_or_create(demande=demande, organisation=organisation)
    if avant is not None and demande.etat != EtatDemande.BROUILLON:
        if avant != (demande.action_collective_id, demande.exercice_id):
            reevaluer_action(*avant)
        reevaluer(demande, sans_avis=True)
        demande.refresh_from_db()
    return demande


def postes_de(demande: DemandeFonds) -> list[Poste]:
    return [Poste(poste.libelle, poste.montant) for poste in demande.postes.all()]


def apports_de(demande: DemandeFonds) -> list[Apport]:
    return [Apport(GenreApport(a.genre), a.source, a.montant, a.est_confirme) for a in demande.apports.all()]


def concernees_de(demande: DemandeFonds) -> set[int]:
    return set(demande.concernees.values_list("organisation_id", flat=True))
