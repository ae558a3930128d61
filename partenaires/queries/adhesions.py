"""Adhesions: those of a year, of a state, of an organisation."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from demarche.gouvernance.models import Exercice
from partenaires.enums import EtatAdhesion, ModeAdhesion
from partenaires.models import Adhesion, Organisation, Personne

ONGLETS: list[tuple[str, str]] = [
    (EtatAdhesion.A_ETUDIER, "À étudier"),
    (EtatAdhesion.ACCEPTEE, "Acceptées"),
    (EtatAdhesion.REFUSEE, "Refusées"),
    (EtatAdhesion.TERMINEE, "Terminées"),
    (EtatAdhesion.A_CONFIRMER, "Courriel à confirmer"),
]


@dataclass(frozen=True)
class AdhesionsParMode:
    """How many adhesions began in an exercice, by the way they were given."""

    formelles: int
    tacites: int

    @property
    def total(self) -> int:
        return self.formelles + self.tacites


def adhesions_par_mode(exercice: Exercice) -> AdhesionsParMode:
    """Return how many adhesions began in the exercice, formal and tacit apart: they are not the same thing."""
    comptes = Adhesion.objects.commencees_dans(exercice).aggregate(
        formelles=Count("pk", filter=Q(mode=ModeAdhesion.FORMELLE)),
        tacites=Count("pk", filter=Q(mode=ModeAdhesion.TACITE)),
    )
    return AdhesionsParMode(comptes["formelles"], comptes["tacites"])


def adhesions_en_file(etat: str) -> QuerySet[Adhesion]:
    """Return the adhesions of one state, or all of them; those to study first, the longest wait on top."""
    adhesions = Adhesion.objects.select_related("organisation", "personne", "traitee_par")
    if etat == EtatAdhesion.A_ETUDIER:
        return adhesions.filter(etat=etat).order_by("confirmee_le", "pk")
    return adhesions.filter(etat=etat) if etat else adhesions


@dataclass(frozen=True)
class OngletAdhesions:
    """One tab of the list of adhesions: a state, how many there are, and whether it is the one shown."""

    libelle: str
    url: str
    actif: bool


def comptes_adhesions(etat: str) -> list[OngletAdhesions]:
    """Return the tabs of the list of adhesions, those to study first, each with its count."""
    comptes = dict(Adhesion.objects.order_by().values_list("etat").annotate(nb=Count("pk")))
    onglets = [(valeur, libelle, comptes.get(valeur, 0)) for valeur, libelle in ONGLETS]
    onglets.append(("", "Toutes", sum(comptes.values())))
    adresse = reverse("partenaires:adhesion_liste")
    return [OngletAdhesions(f"{nom} ({nb})", f"{adresse}?etat={val}", etat == val) for val, nom, nb in onglets]


@dataclass(frozen=True)
class Etape:
    """One step of a request, for the component `etapes`: done, current or to come."""

    libelle: str
    etat: str  # « fait », « courant », « a_faire »
    date: datetime.date | None = None


def etapes_adhesion(adhesion: Adhesion) -> list[Etape]:
    """Return where a request stands, each step with its date; the answer to come with the day promised."""
    promise = adhesion.reponse_promise_le
    recue = Etape("Formulaire reçu", "fait", timezone.localtime(adhesion.soumise_le).date())
    if adhesion.confirmee_le is None:
        confirmation = Etape("Courriel à confirmer", "courant")
    else:
        confirmation = Etape("Courriel confirmé", "fait", timezone.localtime(adhesion.confirmee_le).date())
    if adhesion.traitee_le is not None:
        reponse = Etape("Réponse donnée", "fait", timezone.localtime(adhesion.traitee_le).date())
    elif promise is not None:
        reponse = Etape("Réponse au plus tard", "courant", promise)
    else:
        reponse = Etape("Réponse de l’équipe", "a_faire")
    return [recue, confirmation, reponse]


def adhesions_de(organisation: Organisation) -> list[Adhesion]:
    """Return the adhesions of an organisation that began, the latest first."""
    return list(Adhesion.objects.filter(organisation=organisation, du__isnull=False).order_by("-du", "-pk"))


def personnes_proches(adhesion: Adhesion) -> QuerySet[Personne]:
    """Return the people known who have the name or the e-mail of this form."""
    meme_nom = Q(prenom__iexact=adhesion.prenom, nom__iexact=adhesion.nom)
    meme_courriel = Q(courriel__iexact=adhesion.courriel) if adhesion.courriel else Q(pk__in=[])
    return Personne.objects.filter(meme_nom | meme_courriel)
