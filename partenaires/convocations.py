"""Who an assemblée calls, and how many voices it has: the partners in good standing that day (R6)."""

from collections.abc import Iterable

from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Rencontre
from demarche.gouvernance.protocoles import Convoque
from partenaires.models import Affiliation, Personne
from partenaires.queries.liste import adhesions_des_partenaires

CITOYEN = "Citoyenne ou citoyen"


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
    """Return the address of somebody: that of the account, else the contact's; maybe nothing."""
    compte = personne.utilisateur
    return compte.email if compte is not None and compte.is_active else personne.courriel
