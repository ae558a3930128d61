"""Reads of the app `partenaires`: the list of partners on a day, presences, adhesions of a year."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from demarche.enums import GenreInstance
from demarche.models import Exercice, Rencontre

from .enums import TITRES_CATEGORIES, CategoriePartenaire, EtatAdhesion, FinaliteConsentement, ModeAdhesion
from .models import Adhesion, CollaborationStructurante, Consentement, Organisation, Personne, Presence
from .rapprochement import cle_alphabetique, cle_nom, cles_se_ressemblent


@dataclass(frozen=True)
class OrganisationPartenaire:
    """One organisation on the list: since when it is a partner, and how it joined."""

    pk: int
    nom: str
    sigle: str
    categorie: str
    mode: str
    du: datetime.date


@dataclass(frozen=True)
class CitoyenPartenaire:
    """One citizen on the list; `nom_public` says whether the person accepted to be named outside the team."""

    adhesion_pk: int
    nom: str
    precision: str
    nom_public: bool
    mode: str
    du: datetime.date


@dataclass(frozen=True)
class GroupePartenaires:
    """The organisations of one category."""

    categorie: str
    titre: str
    organisations: tuple[OrganisationPartenaire, ...]


@dataclass(frozen=True)
class ListePartenaires:
    """Who is a partner on a day. Only the citizens who may be read by the asker are in `citoyens`."""

    jour: datetime.date
    groupes: tuple[GroupePartenaires, ...]
    citoyens: tuple[CitoyenPartenaire, ...]
    nb_citoyens_non_publies: int

    @property
    def organisations(self) -> tuple[OrganisationPartenaire, ...]:
        return tuple(organisation for groupe in self.groupes for organisation in groupe.organisations)

    @property
    def nb_organisations(self) -> int:
        return sum(len(groupe.organisations) for groupe in self.groupes)

    @property
    def nb_citoyens(self) -> int:
        return len(self.citoyens) + self.nb_citoyens_non_publies

    @property
    def total(self) -> int:
        return self.nb_organisations + self.nb_citoyens


def adhesions_en_vigueur(jour: datetime.date) -> QuerySet[Any]:
    """Return the adhesions that hold on that day, each with `nom_publiable` (consent to publish the name)."""
    accord = Consentement.objects.filter(
        adhesion=OuterRef("pk"), finalite=FinaliteConsentement.PUBLICATION_NOM, est_accorde=True
    )
    adhesions: QuerySet[Any] = Adhesion.objects.en_vigueur(jour).select_related("organisation", "personne")
    return adhesions.annotate(nom_publiable=Exists(accord)).order_by("du", "pk")


def partenaires_en_date(jour: datetime.date, *, tous_les_noms: bool = False) -> ListePartenaires:
    """Return the partners on that day, as in the bilan's annex (R11).

    Shape:  the organisations of each non-empty category in alphabetical order, then the citizens.
    Names:  a citizen who did not accept to be named is only counted, unless `tous_les_noms` (the team).
    Source: bilan 2023-2024, annexe 1.
    """
    organisations: dict[int, OrganisationPartenaire] = {}
    citoyens: dict[int | str, CitoyenPartenaire] = {}
    for adhesion in adhesions_en_vigueur(jour):
        if adhesion.organisation is not None:
            o = adhesion.organisation
            organisations.setdefault(
                o.pk, OrganisationPartenaire(o.pk, o.nom, o.sigle, o.categorie, adhesion.mode, _jour(adhesion.du))
            )
        elif adhesion.est_citoyenne:
            cle = adhesion.personne_id or f"adhesion {adhesion.pk}"
            publiable = bool(adhesion.nom_publiable and adhesion.nom_personne)
            citoyens.setdefault(
                cle,
                CitoyenPartenaire(
                    adhesion.pk,
                    adhesion.nom_personne,
                    adhesion.fonction,
                    publiable,
                    adhesion.mode,
                    _jour(adhesion.du),
                ),
            )
    nommes = [citoyen for citoyen in citoyens.values() if citoyen.nom_public or tous_les_noms]
    return ListePartenaires(
        jour=jour,
        groupes=_groupes(organisations.values()),
        citoyens=tuple(sorted(nommes, key=lambda c: cle_alphabetique(c.nom))),
        nb_citoyens_non_publies=len(citoyens) - len(nommes),
    )


def _jour(du: datetime.date | None) -> datetime.date:
    """Return the first day; an adhesion that holds always has one (constraint `adhesion_acceptee_avec_date`)."""
    assert du is not None  # noqa: S101
    return du


def _groupes(organisations: Iterable[OrganisationPartenaire]) -> tuple[GroupePartenaires, ...]:
    toutes = sorted(organisations, key=lambda o: cle_alphabetique(o.nom))
    groupes = (
        GroupePartenaires(str(categorie), titre, tuple(o for o in toutes if o.categorie == categorie))
        for categorie, titre in TITRES_CATEGORIES.items()
        if categorie != CategoriePartenaire.CITOYEN
    )
    return tuple(groupe for groupe in groupes if groupe.organisations)


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


@dataclass(frozen=True)
class PresencesRencontre:
    """How many people and organisations were at one meeting; both zero when nothing was noted."""

    rencontre: Rencontre
    nb_personnes: int
    nb_organisations: int

    @property
    def est_notee(self) -> bool:
        return self.nb_personnes > 0


def rencontres_avec_presences(rencontres: QuerySet[Rencontre]) -> list[PresencesRencontre]:
    """Return these meetings with their counts, in one query whatever their number."""
    annotees = rencontres.annotate(
        nb_personnes=Coalesce(Sum("presences__nb_personnes"), 0),
        nb_organisations=Count("presences__organisation", distinct=True),
    )
    return [PresencesRencontre(r, r.nb_personnes, r.nb_organisations) for r in annotees]


def presences_rencontre(rencontre: Rencontre) -> PresencesRencontre:
    """Return how many people and organisations were at this meeting."""
    return rencontres_avec_presences(Rencontre.objects.filter(pk=rencontre.pk))[0]


def lignes_presences(rencontre: Rencontre) -> list[Presence]:
    """Return the lines of a meeting: organisations in alphabetical order, then citizens, then the others."""
    lignes = list(Presence.objects.filter(rencontre=rencontre).select_related("organisation", "personne"))
    return sorted(
        lignes, key=lambda p: (p.organisation_id is None, p.personne_id is None, cle_alphabetique(str(p)), p.pk)
    )


def assemblees_de_l_exercice(exercice: Exercice) -> list[PresencesRencontre]:
    """Return the assemblées des partenaires of the exercice, in date order, with their counts."""
    return rencontres_avec_presences(
        Rencontre.objects.filter(
            instance_gouvernance__genre=GenreInstance.ASSEMBLEE, date__range=(exercice.debut, exercice.fin)
        )
        .select_related("instance_gouvernance")
        .order_by("date", "pk")
    )


def collaborations_de_l_exercice(exercice: Exercice) -> list[CollaborationStructurante]:
    """Return the collaborations that took place, even in part, in the exercice, in date order."""
    return list(CollaborationStructurante.objects.de_l_exercice(exercice))


def presents_non_partenaires(rencontre: Rencontre) -> tuple[list[Organisation], list[Personne]]:
    """Return the organisations and the citizens noted at this meeting who were not partners on its day."""
    jour = Adhesion.objects.en_vigueur(rencontre.date)
    lignes = lignes_presences(rencontre)
    deja_organisations = set(jour.values_list("organisation_id", flat=True))
    deja_personnes = set(jour.filter(categorie=CategoriePartenaire.CITOYEN).values_list("personne_id", flat=True))
    organisations = {ligne.organisation for ligne in lignes if ligne.organisation is not None}
    personnes = {ligne.personne for ligne in lignes if ligne.personne is not None and ligne.organisation is None}
    return (
        sorted((o for o in organisations if o.pk not in deja_organisations), key=lambda o: cle_alphabetique(o.nom)),
        sorted((p for p in personnes if p.pk not in deja_personnes), key=lambda p: cle_alphabetique(str(p))),
    )


def organisations_proches(nom: str, *, sauf: int | None = None) -> list[Organisation]:
    """Return the organisations whose name, acronym or other name looks like this one, in alphabetical order."""
    cle = cle_nom(nom)
    return [
        organisation
        for organisation in Organisation.objects.all()
        if organisation.pk != sauf
        and any(cles_se_ressemblent(cle, autre) for autre in cles_organisation(organisation))
    ]


def cles_organisation(organisation: Organisation) -> list[str]:
    """Return the comparison keys of every name an organisation goes by."""
    noms = [organisation.nom, organisation.sigle, *organisation.liste_autres_noms]
    return [cle_nom(nom) for nom in noms if nom.strip()]


def organisations_avec_etat(jour: datetime.date) -> QuerySet[Organisation]:
    """Return the organisations, each with `est_partenaire` (an adhesion holds on that day)."""
    en_vigueur = Adhesion.objects.en_vigueur(jour).filter(organisation=OuterRef("pk"))
    return Organisation.objects.annotate(est_partenaire=Exists(en_vigueur))


def adhesions_en_file(etat: str) -> QuerySet[Adhesion]:
    """Return the adhesions of one state, or all of them; those to study first, the longest wait on top."""
    adhesions = Adhesion.objects.select_related("organisation", "personne", "traitee_par")
    if etat == EtatAdhesion.A_ETUDIER:
        return adhesions.filter(etat=etat).order_by("confirmee_le", "pk")
    return adhesions.filter(etat=etat) if etat else adhesions
