"""What the register says of requests and payments, against their rows of today (R7, R8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import DECIDEES, EtatDemande
from chantiers.demandes.models import Deliberation, DemandeFonds
from chantiers.demandes.queries.decisions import faits_de, faits_resolution
from chantiers.demandes.queries.engagements import sommes_engagees
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import (
    LOT,
    LigneLue,
    confronter,
    ecarts_des_faits,
    lire_lignes,
    par_lots,
)


def controler_deliberations() -> Iterator[Rupture]:
    """Compare each ballot on a request with the line of its opening, then the lines whose ballot lost its request."""
    deliberations = Deliberation.objects.select_related("demande", "scrutin")
    for lot in par_lots(deliberations.order_by("pk").iterator(LOT)):
        objets = [f"scrutin {deliberation.scrutin_id}" for deliberation in lot]
        ouvertures = EvenementRegistre.objects.filter(genre=GenreEvenement.OUVERTURE, objet__in=objets)
        lignes = {ligne.objet: ligne for ligne in lire_lignes(ouvertures)}
        enterinees = [ligne.corps["enterine"] for ligne in lignes.values() if "enterine" in ligne.corps]
        consultations = deliberations.in_bulk(enterinees, field_name="scrutin_id")
        for deliberation, objet in zip(lot, objets, strict=True):
            if objet in lignes:  # else the check of ballots tells it
                yield from _ouverture(deliberation, lignes[objet], consultations)
    liees = Deliberation.objects.order_by().annotate(objet=Concat(Value("scrutin "), Cast("scrutin", CharField())))
    orphelines = _lignes_des_demandes(GenreEvenement.OUVERTURE).exclude(objet__in=liees.values("objet"))
    for ligne in lire_lignes(orphelines):
        yield ligne.dit(f"dans la base, ce scrutin n’est plus celui de la demande {ligne.corps.get('demande')}.")


def _lignes_des_demandes(genre: GenreEvenement) -> "QuerySet[EvenementRegistre]":
    """Return the lines of that kind that are about a request."""
    return EvenementRegistre.objects.filter(genre=genre, corps__contains='"demande":')


def _ouverture(
    deliberation: Deliberation, ligne: LigneLue, consultations: Mapping[int, Deliberation]
) -> Iterator[Rupture]:
    """Compare what was put to the vote; the request itself only while it is frozen by that ballot.

    The vote that ratifies a consultation has the facts of that consultation, and its own line names it.
    """
    soumis = ("demande_id", "montant", "conditions")
    consultation = consultations.get(ligne.corps.get("enterine", 0))
    if consultation is not None:
        if any(getattr(deliberation, nom) != getattr(consultation, nom) for nom in soumis):
            yield ligne.dit("ce vote n’entérine plus la consultation que la ligne nomme.")
        return
    faits = faits_de(deliberation.demande, deliberation.montant, deliberation.conditions, deliberation.motif)
    if not (deliberation.scrutin.est_ouvert and deliberation.demande.etat == EtatDemande.EN_DELIBERATION):
        faits = replace(faits, corps={cle: faits.corps[cle] for cle in ("demande", "montant")})
    yield from ecarts_des_faits(ligne, faits, engage="les conditions soumises au vote")


def controler_demandes() -> Iterator[Rupture]:
    """Compare what is decided, reserved, paid and released with the lines that say so."""
    for lot in par_lots(lire_lignes(_lignes_des_demandes(GenreEvenement.RESOLUTION))):
        demandes = DemandeFonds.objects.in_bulk([ligne.corps["demande"] for ligne in lot])
        for ligne in lot:
            yield from _decision(ligne, demandes.get(ligne.corps["demande"]))
    inscrites = _lignes_des_demandes(GenreEvenement.RESOLUTION).values("objet")
    non_dites = (
        DemandeFonds.objects.filter(etat__in=DECIDEES)
        .annotate(objet=Concat(Value("resolution "), Cast("resolution", CharField())))
        .exclude(resolution__isnull=False, objet__in=inscrites)
    )
    for pk in non_dites.order_by("pk").values_list("pk", flat=True).iterator():
        yield Rupture(None, f"demande {pk}", "elle est décidée dans la base, et aucune ligne ne dit cette décision.")
    yield from _controler_sommes()
    yield from _controler_engagements()


def _decision(ligne: LigneLue, demande: DemandeFonds | None) -> Iterator[Rupture]:
    """Compare a decision with its request, which never changes afterwards."""
    if demande is None:
        yield ligne.dit("la demande qu’elle décide n’existe plus.")
        return
    if ligne.objet != f"resolution {demande.resolution_id}":
        yield ligne.dit(f"dans la base, la demande {demande.pk} n’est pas décidée par cette résolution.")
        return
    if demande.etat != (EtatDemande.REFUSEE if ligne.corps.get("montant") is None else EtatDemande.ACCORDEE):
        yield ligne.dit(f"dans la base, cette demande est à l’état « {demande.get_etat_display()} ».")
    faits = faits_resolution(
        demande, demande.montant_accorde, motif=demande.motif_decision, conditions=demande.conditions
    )
    yield from ecarts_des_faits(ligne, faits, engage="les conditions et le motif de la décision, et qui a demandé")


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
        reserve = _reserve_par_le_vote(demande)
        if reserve != demande.montant_reserve:
            phrase = f"le montant réservé est de {demande.montant_reserve:.2f}, celui soumis au vote de {reserve:.2f}."
            yield Rupture(None, f"demande {demande.pk}", phrase)

    yield from confronter(
        "demande",
        DemandeFonds.objects.prefetch_related("decaissements", "deliberations"),
        comparer,
        disparue="la demande dont elle parle n’existe plus.",
    )


def _reserve_par_le_vote(demande: DemandeFonds) -> Decimal:
    """Return what the last ballot put to the vote, while the request waits for it; else nothing."""
    if demande.etat != EtatDemande.EN_DELIBERATION:
        return Decimal(0)
    montants = {deliberation.pk: deliberation.montant for deliberation in demande.deliberations.all()}
    return montants[max(montants)] if montants else Decimal(0)


def _controler_engagements() -> Iterator[Rupture]:
    """Compare what each envelope says it has committed with the requests it pays (R8)."""
    sommes = sommes_engagees(DemandeFonds.objects.all())
    for enveloppe in Enveloppe.objects.order_by("pk").iterator():
        somme = sommes.get(enveloppe.pk, Decimal(0))
        if enveloppe.montant_engage != somme:
            phrase = f"le montant engagé est de {enveloppe.montant_engage:.2f}, celui de ses demandes de {somme:.2f}."
            yield Rupture(None, f"enveloppe {enveloppe.pk}", phrase)
