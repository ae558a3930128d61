"""Reads of the app `partenaires`: the list of partners on a day, presences, adhesions of a year."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from demarche.enums import GenreInstance
from demarche.models import CadreReference, Exercice, InstanceGouvernance, Rencontre, Siege

from .enums import TITRES_CATEGORIES, CategoriePartenaire, EtatAdhesion, FinaliteConsentement, ModeAdhesion
from .models import (
    Adhesion,
    Affiliation,
    CollaborationStructurante,
    Consentement,
    Organisation,
    Personne,
    Presence,
    Representation,
)
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
    annotees: QuerySet[Any] = adhesions.annotate(nom_publiable=Exists(accord))
    return annotees.order_by("du", "pk")


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


def personnes_proches(adhesion: Adhesion) -> QuerySet[Personne]:
    """Return the people known who have the name or the e-mail of this form."""
    meme_nom = Q(prenom__iexact=adhesion.prenom, nom__iexact=adhesion.nom)
    meme_courriel = Q(courriel__iexact=adhesion.courriel) if adhesion.courriel else Q(pk__in=[])
    return Personne.objects.filter(meme_nom | meme_courriel)


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


@dataclass(frozen=True)
class OngletAdhesions:
    """One tab of the list of adhesions: a state, how many there are, and whether it is the one shown."""

    libelle: str
    url: str
    actif: bool


def comptes_adhesions(etat: str) -> list[OngletAdhesions]:
    """Return the tabs of the list of adhesions, what is to study first, each with its count."""
    comptes = dict(Adhesion.objects.order_by().values_list("etat").annotate(nb=Count("pk")))
    ordre = [
        (EtatAdhesion.A_ETUDIER, "À étudier"),
        (EtatAdhesion.ACCEPTEE, "Acceptées"),
        (EtatAdhesion.REFUSEE, "Refusées"),
        (EtatAdhesion.TERMINEE, "Terminées"),
        (EtatAdhesion.A_CONFIRMER, "Courriel à confirmer"),
    ]
    adresse = reverse("partenaires:adhesions")
    onglets = [
        OngletAdhesions(f"{libelle} ({comptes.get(valeur, 0)})", f"{adresse}?etat={valeur}", etat == valeur)
        for valeur, libelle in ordre
    ]
    return [*onglets, OngletAdhesions(f"Toutes ({sum(comptes.values())})", f"{adresse}?etat=", etat == "")]


def definition_partenaire(jour: datetime.date) -> str:
    """Return how the cadre de référence in force that day, else the last one, defines a partner; maybe nothing."""
    cadres = CadreReference.objects.exclude(definition_partenaire="")
    cadre = cadres.filter(adopte_le__lte=jour).first() or cadres.first()
    return cadre.definition_partenaire if cadre else ""


def chercher_organisations(q: str, categorie: str, *, jour: datetime.date) -> list[Organisation]:
    """Return the organisations that match, accents and case aside, each with `est_partenaire`; alphabetical."""
    toutes = organisations_avec_etat(jour)
    if categorie:
        toutes = toutes.filter(categorie=categorie)
    mots = cle_alphabetique(q).split()
    trouvees = [
        o for o in toutes if all(mot in cle_alphabetique(f"{o.nom} {o.sigle} {o.autres_noms}") for mot in mots)
    ]
    return sorted(trouvees, key=lambda o: cle_alphabetique(o.nom))


def adhesions_de(organisation: Organisation) -> list[Adhesion]:
    """Return the adhesions of an organisation that began, the latest first."""
    return list(Adhesion.objects.filter(organisation=organisation, du__isnull=False).order_by("-du", "-pk"))


def contacts_de(organisation: Organisation) -> list[Affiliation]:
    """Return the people of an organisation, those of today first."""
    affiliations = Affiliation.objects.filter(organisation=organisation).select_related("personne__utilisateur")
    return sorted(affiliations, key=lambda a: (a.au is not None, cle_alphabetique(str(a.personne))))


@dataclass(frozen=True)
class SiegeRepresente:
    """One seat and the organisation it stands for today, if any."""

    siege: Siege
    representation: Representation | None


def sieges_de_l_instance(instance_gouvernance: InstanceGouvernance) -> list[SiegeRepresente]:
    """Return the active seats of an instance, in order, each with its representation of today."""
    jour = timezone.localdate()
    representations = {
        r.siege_id: r
        for r in Representation.objects.en_vigueur(jour)
        .filter(siege__instance_gouvernance=instance_gouvernance)
        .select_related("organisation")
    }
    sieges = Siege.objects.filter(instance_gouvernance=instance_gouvernance, est_actif=True).order_by("numero")
    return [SiegeRepresente(siege, representations.get(siege.pk)) for siege in sieges]


def sieges_tenus_par(organisation: Organisation) -> list[Representation]:
    """Return the seats that stand for an organisation today."""
    return list(
        Representation.objects.en_vigueur(timezone.localdate())
        .filter(organisation=organisation)
        .select_related("siege__instance_gouvernance")
    )
