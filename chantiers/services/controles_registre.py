"""What the register says of requests and payments, against their rows of today (R7, R8)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from chantiers.enums import DECIDEES, EtatDemande
from chantiers.models import Decaissement, Deliberation, DemandeFonds
from demarche.enums import GenreEvenement
from demarche.models import EvenementRegistre
from demarche.registre import Rupture
from demarche.services.verification_registre import LigneLue, confronter, ecarts, lire_lignes, par_lots

from .decaissements import corps_decaissement, secret_decaissement
from .decisions import faits_resolution
from .deliberations import faits_de


def controler_decaissements() -> Iterator[Rupture]:
    """Compare each payment, and each entry that reverses one, with its line."""

    def comparer(decaissement: Decaissement, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        if not lignes:
            yield Rupture(None, f"decaissement {decaissement.pk}", "aucune ligne ne dit ce paiement.")
            return
        yield from ecarts(
            lignes[0],
            corps=corps_decaissement(decaissement),
            secret=secret_decaissement(decaissement),
            engage="à qui, pour quoi et par quelle référence ce paiement est fait",
        )
        if not decaissement.exercice.contient(decaissement.date):
            yield lignes[0].dit("dans la base, ce paiement est compté dans un exercice qui ne contient pas sa date.")
        for ligne in lignes[1:]:
            yield ligne.dit(f"ce paiement était déjà inscrit à la ligne {lignes[0].numero}.")

    yield from confronter(
        "decaissement",
        Decaissement.objects.select_related("exercice"),
        comparer,
        disparue="le paiement dont elle parle n’existe plus.",
    )


def controler_deliberations() -> Iterator[Rupture]:
    """Compare what each ballot on a request put to the vote with the line of its opening."""
    for lot in par_lots(Deliberation.objects.select_related("demande").order_by("pk").iterator()):
        par_objet = {f"scrutin {deliberation.scrutin_id}": deliberation for deliberation in lot}
        ouvertures = EvenementRegistre.objects.filter(genre=GenreEvenement.OUVERTURE, objet__in=list(par_objet))
        for ligne in lire_lignes(ouvertures):
            deliberation = par_objet[ligne.objet]
            if "demande" in ligne.corps:
                yield from ecarts(ligne, corps=faits_de(deliberation.demande, deliberation.montant))


def controler_demandes() -> Iterator[Rupture]:
    """Compare what is granted, paid and released with the lines that say so."""
    for lot in par_lots(
        DemandeFonds.objects.filter(etat__in=DECIDEES, resolution__isnull=False).order_by("pk").iterator()
    ):
        par_objet = {f"resolution {demande.resolution_id}": demande for demande in lot}
        resolutions = EvenementRegistre.objects.filter(genre=GenreEvenement.RESOLUTION, objet__in=list(par_objet))
        for ligne in lire_lignes(resolutions):
            demande = par_objet[ligne.objet]
            montant = demande.montant_accorde if demande.etat == EtatDemande.ACCORDEE else None
            yield from ecarts(ligne, corps=faits_resolution(demande, montant))
    yield from _controler_sommes()


def _controler_sommes() -> Iterator[Rupture]:
    """Compare the amounts written on each request with its payments and with the lines of its releases."""

    def comparer(demande: DemandeFonds, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        liberes = [ligne for ligne in lignes if ligne.genre == GenreEvenement.LIBERATION]
        libere = sum((Decimal(ligne.corps.get("montant", "0")) for ligne in liberes), Decimal(0))
        if libere != demande.montant_libere:
            phrase = f"le solde libéré est de {demande.montant_libere:.2f} dans la base, de {libere:.2f} au registre."
            yield liberes[-1].dit(phrase) if liberes else Rupture(None, f"demande {demande.pk}", phrase)
        paye = sum((decaissement.montant for decaissement in demande.decaissements.all()), Decimal(0))
        if paye != demande.montant_paye:
            phrase = f"le montant payé est de {demande.montant_paye:.2f}, la somme de ses paiements de {paye:.2f}."
            yield Rupture(None, f"demande {demande.pk}", phrase)

    yield from confronter(
        "demande",
        DemandeFonds.objects.prefetch_related("decaissements"),
        comparer,
        disparue="la demande dont elle parle n’existe plus.",
    )
