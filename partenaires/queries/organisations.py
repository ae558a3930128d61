"""Organisations: alike, found by a word, their people and their seats."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from demarche.gouvernance.models import InstanceGouvernance, Siege
from partenaires.models import Adhesion, Affiliation, Organisation, Representation
from partenaires.rapprochement import cle_alphabetique, cle_nom, cles_se_ressemblent


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


def chercher_organisations(q: str, categorie: str, *, jour: datetime.date) -> list[Organisation]:
    """Return the organisations that match, accents and case aside, each with `est_partenaire`; alphabetical."""
    en_vigueur = Adhesion.objects.en_vigueur(jour).filter(organisation=OuterRef("pk"))
    toutes = Organisation.objects.annotate(est_partenaire=Exists(en_vigueur))
    if categorie:
        toutes = toutes.filter(categorie=categorie)
    mots = cle_alphabetique(q).split()
    cles = {o: cle_alphabetique(f"{o.nom} {o.sigle} {o.autres_noms}") for o in toutes}
    trouvees = [o for o, cle in cles.items() if all(mot in cle for mot in mots)]
    return sorted(trouvees, key=lambda o: cle_alphabetique(o.nom))


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
    tenues = Representation.objects.en_vigueur(jour).filter(siege__instance_gouvernance=instance_gouvernance)
    representations = {r.siege_id: r for r in tenues.select_related("organisation")}
    sieges = Siege.objects.filter(instance_gouvernance=instance_gouvernance, est_actif=True).order_by("numero")
    return [SiegeRepresente(siege, representations.get(siege.pk)) for siege in sieges]


def organisations_des_sieges(sieges: Iterable[int], jour: datetime.date) -> dict[int, str]:
    """Return the name of the organisation that each of these seats stood for on that day, for those that had one."""
    representations = Representation.objects.en_vigueur(jour).filter(siege__in=list(sieges))
    return {r.siege_id: r.organisation.nom for r in representations.select_related("organisation").order_by("du")}


def sieges_tenus_par(organisation: Organisation) -> list[Representation]:
    """Return the seats that stand for an organisation today."""
    tenus = Representation.objects.en_vigueur(timezone.localdate()).filter(organisation=organisation)
    return list(tenus.select_related("siege__instance_gouvernance"))


def representations_du_siege(siege: Siege) -> list[Representation]:
    """Return the organisations that one seat stood for, the last first."""
    return list(Representation.objects.filter(siege=siege).select_related("organisation").order_by("-du"))
