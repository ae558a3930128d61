"""The list of partners on a day (R11)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from demarche.gouvernance.models import CadreReference
from partenaires.enums import TITRES_CATEGORIES, CategoriePartenaire, FinaliteConsentement
from partenaires.models import Adhesion, Consentement
from partenaires.rapprochement import cle_alphabetique


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
    """The partners on one day; `citoyens` holds only those whom the reader may see named."""

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
    adhesions: QuerySet[Any] = Adhesion.objects.en_vigueur(jour).annotate(nom_publiable=Exists(accord))
    return adhesions.select_related("organisation", "personne").order_by("du", "pk")


def adhesions_des_partenaires(jour: datetime.date) -> list[Adhesion]:
    """Return one adhesion for each partner in good standing on that day, organisations first (R6)."""
    retenues: dict[tuple[int | None, int | str | None], Adhesion] = {}
    adhesions = Adhesion.objects.en_vigueur(jour).select_related("organisation", "personne__utilisateur")
    for adhesion in adhesions.order_by("du", "pk"):
        citoyen = None if adhesion.organisation_id else adhesion.personne_id or f"a{adhesion.pk}"
        cle = (adhesion.organisation_id, citoyen)
        retenues.setdefault(cle, adhesion)
    return sorted(
        retenues.values(),
        key=lambda a: (a.organisation is None, cle_alphabetique(a.organisation.nom if a.organisation else ""), a.pk),
    )


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
            une = OrganisationPartenaire(o.pk, o.nom, o.sigle, o.categorie, adhesion.mode, adhesion.du)
            organisations.setdefault(o.pk, une)
        elif adhesion.est_citoyenne:
            cle = adhesion.personne_id or f"adhesion {adhesion.pk}"
            publiable = bool(adhesion.nom_publiable and adhesion.nom_personne)
            nom, fonction = adhesion.nom_personne, adhesion.fonction
            citoyen = CitoyenPartenaire(adhesion.pk, nom, fonction, publiable, adhesion.mode, adhesion.du)
            citoyens.setdefault(cle, citoyen)
    nommes = [citoyen for citoyen in citoyens.values() if citoyen.nom_public or tous_les_noms]
    return ListePartenaires(
        jour=jour,
        groupes=_groupes(organisations.values()),
        citoyens=tuple(sorted(nommes, key=lambda c: cle_alphabetique(c.nom))),
        nb_citoyens_non_publies=len(citoyens) - len(nommes),
    )


def _groupes(organisations: Iterable[OrganisationPartenaire]) -> tuple[GroupePartenaires, ...]:
    toutes = sorted(organisations, key=lambda o: cle_alphabetique(o.nom))
    groupes = (
        GroupePartenaires(str(categorie), titre, tuple(o for o in toutes if o.categorie == categorie))
        for categorie, titre in TITRES_CATEGORIES.items()
        if categorie != CategoriePartenaire.CITOYEN
    )
    return tuple(groupe for groupe in groupes if groupe.organisations)


def definition_partenaire(jour: datetime.date) -> str:
    """Return how the cadre de référence in force that day, else the last one, defines a partner; maybe nothing."""
    cadres = CadreReference.objects.exclude(definition_partenaire="")
    cadre = cadres.filter(adopte_le__lte=jour).first() or cadres.first()
    return cadre.definition_partenaire if cadre else ""
