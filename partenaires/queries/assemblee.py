"""Who speaks for which partner at a ballot of the assemblée (R6)."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.gouvernance.protocoles import Convoque
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Electeur, Scrutin, Vote
from partenaires.models import Adhesion, Affiliation, ElecteurPartenaire, Personne
from partenaires.queries.liste import adhesions_des_partenaires

CITOYEN = "Citoyenne ou citoyen"  # the label of a citizen's voice: the name is not published (R13)
# A recused voice first, then by rank.
ORDRE = (F("electeur__recusation").asc(nulls_last=True), "electeur__numero")


def voix_du_partenaire(scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
    """Return the elector this account speaks for today: its own citizen's adhesion, or that of its organisation.

    The adhesion and the affiliation must hold today. A person of two partners speaks for the one that is recused, if
    any: nobody decides on their own request through another partner (R4). Otherwise, for the first called.
    """
    siennes = partenaires_electeurs(utilisateur).filter(electeur__scrutin=scrutin)
    premier = siennes.order_by(*ORDRE).values_list("electeur_id", flat=True).first()
    if premier is None:
        return None
    return Electeur.objects.select_related("siege", "vote", "recusation").get(pk=premier)


def voix_ouvertes_du_partenaire(utilisateur: Utilisateur) -> list[int]:
    """Return the elector this account speaks for at each open ballot of the assemblée; one query."""
    siennes = partenaires_electeurs(utilisateur).filter(electeur__scrutin__etat=EtatScrutin.OUVERT)
    retenues: dict[int, int] = {}
    for scrutin, electeur in siennes.order_by(*ORDRE).values_list("electeur__scrutin_id", "electeur_id"):
        retenues.setdefault(scrutin, electeur)
    return list(retenues.values())


def partenaires_electeurs(utilisateur: Utilisateur) -> QuerySet[ElecteurPartenaire]:
    """Return the voices of the partners this account speaks for today."""
    jour = timezone.localdate()
    organisations = Affiliation.objects.en_vigueur(jour).filter(personne__utilisateur=utilisateur)
    return ElecteurPartenaire.objects.filter(
        Q(adhesion__organisation__in=organisations.values("organisation"))
        | Q(adhesion__organisation__isnull=True, adhesion__personne__utilisateur=utilisateur),
        adhesion__in=Adhesion.objects.en_vigueur(jour),
    )


def parle_pour(electeur: Electeur, utilisateur: Utilisateur) -> bool:
    """Return whether this account speaks today for this voice, its only one or not."""
    return partenaires_electeurs(utilisateur).filter(electeur=electeur).exists()


@dataclass(frozen=True)
class ReponseDeLaVoix:
    """One answer given for a partner: by whom, when, whether it is the one that counts; never which (R5)."""

    par: str
    le: datetime.datetime
    compte: bool


def reponses_de_la_voix(electeur: Electeur) -> list[ReponseDeLaVoix]:
    """Return who answered for this voice, the last first: two people of one partner vote once, the later counts."""
    traces = Vote.history.filter(electeur_id=electeur.pk).exclude(history_type="-").select_related("utilisateur")
    vote = Vote.objects.filter(electeur=electeur).first()
    reponses: list[ReponseDeLaVoix] = []
    for trace in traces.order_by("-history_date", "-history_id"):
        compte = vote is not None and not reponses
        reponses.append(ReponseDeLaVoix(str(trace.utilisateur or "L’équipe"), trace.vote_le, compte))
    return reponses


def noms_des_citoyens(electeurs: Collection[int]) -> dict[int, str]:
    """Return the names of the citizens behind these voices, for the team alone (R13): electeur.pk -> name."""
    citoyens = ElecteurPartenaire.objects.filter(electeur__in=electeurs, adhesion__organisation__isnull=True)
    return {c.electeur_id: c.adhesion.nom_partenaire for c in citoyens.select_related("adhesion__personne")}


def adresse_du_partenaire(electeur: Electeur) -> str:
    """Return where to write to a partner without account: the person of its adhesion; empty when nobody is known.

    A person who has left the organisation receives nothing about its vote.
    """
    partenaire = ElecteurPartenaire.objects.filter(electeur=electeur).select_related("adhesion__personne").first()
    if partenaire is None:
        return ""
    adhesion = partenaire.adhesion
    personne = adhesion.personne
    if personne is None:
        return adhesion.courriel
    affiliations = Affiliation.objects.en_vigueur(timezone.localdate()).filter(personne=personne)
    if adhesion.organisation_id and not affiliations.filter(organisation=adhesion.organisation_id).exists():
        return ""
    return personne.courriel or adhesion.courriel


@dataclass(frozen=True)
class PartenaireSansCompte:
    """One partner called to an open ballot that has no account to vote with, for the team alone."""

    nom: str
    url: str


def partenaires_sans_compte(scrutin: Scrutin) -> list[PartenaireSansCompte]:
    """Return the partners called to a ballot that have no account, have not voted and are not recused."""
    partenaires = ElecteurPartenaire.objects.filter(
        electeur__scrutin=scrutin,
        electeur__utilisateur__isnull=True,
        electeur__vote__isnull=True,
        electeur__recusation__isnull=True,
    ).select_related("adhesion__organisation", "adhesion__personne")
    adhesions = [partenaire.adhesion for partenaire in partenaires.order_by("electeur__numero")]
    return [PartenaireSansCompte(a.nom_partenaire, (a.organisation or a).get_absolute_url()) for a in adhesions]


def nb_partenaires(instance_gouvernance: InstanceGouvernance, jour: datetime.date) -> int | None:
    """Return how many voices the assemblée has that day: one for each partner in good standing (R6)."""
    if instance_gouvernance.genre != GenreInstance.ASSEMBLEE:
        return None
    en_vigueur = Adhesion.objects.en_vigueur(jour)
    organisations = en_vigueur.filter(organisation__isnull=False).values("organisation").distinct().count()
    citoyens = en_vigueur.filter(organisation__isnull=True)
    connus = citoyens.filter(personne__isnull=False).values("personne").distinct().count()
    return organisations + connus + citoyens.filter(personne__isnull=True).count()


def voix_tient(electeur: Electeur) -> bool:
    """Return whether the adhesion that gave this voice still holds today; a seat is not judged here."""
    partenaire = ElecteurPartenaire.objects.filter(electeur=electeur).first()
    en_vigueur = Adhesion.objects.en_vigueur(timezone.localdate())
    return partenaire is None or en_vigueur.filter(pk=partenaire.adhesion_id).exists()


def convoques_assemblee(rencontre: Rencontre) -> Iterable[Convoque]:
    """Call each partner in good standing to the assemblée: its account, else its contact, else the adhesion's address.

    Queries: two, whatever the partners. A partner without address is named, to be reached otherwise.
    """
    if rencontre.instance_gouvernance.genre != GenreInstance.ASSEMBLEE:
        return
    contacts: dict[int, Personne] = {}
    affiliations = Affiliation.objects.en_vigueur(rencontre.date).select_related("personne__utilisateur")
    for affiliation in affiliations.order_by("pk"):
        connu = contacts.get(affiliation.organisation_id)
        if connu is None or not adresse_de(connu) and adresse_de(affiliation.personne):
            contacts[affiliation.organisation_id] = affiliation.personne
    for adhesion in adhesions_des_partenaires(rencontre.date):
        personne = adhesion.personne or contacts.get(adhesion.organisation_id or 0)
        if personne is not None and not adresse_de(personne):
            personne = contacts.get(adhesion.organisation_id or 0, personne)
        yield Convoque(
            nom=str(personne) if personne else adhesion.nom_personne or str(adhesion.nom_partenaire),
            courriel=(adresse_de(personne) if personne else "") or adhesion.courriel,
            au_nom_de=adhesion.organisation.nom if adhesion.organisation else CITOYEN,
        )


def adresse_de(personne: Personne) -> str:
    """Return the e-mail of a person: that of the account, else the one typed; may be empty."""
    compte = personne.utilisateur
    return compte.email if compte is not None and compte.is_active else personne.courriel
