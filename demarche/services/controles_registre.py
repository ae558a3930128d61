"""What the register says of ballots, resolutions, exercices and minutes, against their rows of today (R7, R10)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count, Max, Min, Prefetch

from demarche.enums import EtatScrutin, GenreEvenement
from demarche.models import (
    Electeur,
    EvenementRegistre,
    Exercice,
    InstanceGouvernance,
    ProcesVerbal,
    Resolution,
    Scrutin,
)
from demarche.registre import Rupture

from .adoptions_proces_verbaux import corps_adoption
from .bulletins import secret_recusation, secret_vote
from .resolutions import corps_resolution, secret_resolution
from .scrutins import corps_cloture, corps_ouverture, secret_ouverture
from .verification_registre import LigneLue, confronter, ecarts

DE_VOTE = frozenset({GenreEvenement.VOTE, GenreEvenement.CHANGEMENT})
FINS = {EtatScrutin.CLOS: GenreEvenement.CLOTURE, EtatScrutin.ANNULE: GenreEvenement.ANNULATION}
NOMS_FINS = {GenreEvenement.CLOTURE: "sa clôture", GenreEvenement.ANNULATION: "son annulation"}


def prefixes_des_instances() -> dict[int, set[str]]:
    """Return every prefix each instance has had: a line keeps the one of its day."""
    prefixes: dict[int, set[str]] = defaultdict(set)
    for modele in (InstanceGouvernance.objects, InstanceGouvernance.history):
        for pk, prefixe in modele.order_by().values_list("id", "prefixe").distinct():
            prefixes[pk].add(prefixe)
    return prefixes


def controler_scrutins() -> Iterator[Rupture]:
    """Compare each ballot with its lines: opening, each voice, end and counts."""
    prefixes = prefixes_des_instances()
    electeurs = Electeur.objects.select_related("vote", "recusation").order_by("numero")
    fiches = Scrutin.objects.select_related("instance_gouvernance").prefetch_related(Prefetch("electeurs", electeurs))

    def comparer(scrutin: Scrutin, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        ouverture = next((ligne for ligne in lignes if ligne.genre == GenreEvenement.OUVERTURE), None)
        if ouverture is None:
            yield Rupture(None, f"scrutin {scrutin.pk}", "aucune ligne ne dit l’ouverture de ce scrutin.")
        else:
            yield from _ouverture(scrutin, ouverture, prefixes)
        yield from _voix(scrutin, lignes)
        yield from _fin(scrutin, lignes)

    yield from confronter("scrutin", fiches, comparer, disparue="le scrutin dont elle parle n’existe plus.")


def _ouverture(scrutin: Scrutin, ligne: LigneLue, prefixes: dict[int, set[str]]) -> Iterator[Rupture]:
    corps = corps_ouverture(scrutin, [electeur.numero for electeur in scrutin.electeurs.all()])
    if ligne.corps.get("instance") in prefixes[scrutin.instance_gouvernance_id]:
        del corps["instance"]
    if sorted(ligne.corps.get("electeurs") or []) == corps["electeurs"]:
        del corps["electeurs"]
    yield from ecarts(
        ligne, corps=corps, secret=secret_ouverture(scrutin), engage="la question, le texte et qui vote à ce scrutin"
    )


def _voix(scrutin: Scrutin, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
    """Compare the last line of each voice with its vote or its recusal."""
    dernieres = {
        ligne.corps.get("siege"): ligne
        for ligne in lignes
        if ligne.genre in DE_VOTE or ligne.genre == GenreEvenement.RECUSATION
    }
    for electeur in scrutin.electeurs.all():
        ligne = dernieres.pop(electeur.numero, None)
        vote, recusation = getattr(electeur, "vote", None), getattr(electeur, "recusation", None)
        qui = f"la voix nº {electeur.numero}"
        if ligne is None:
            if vote or recusation:
                quoi = "le vote" if vote else "la récusation"
                phrase = f"aucune ligne ne dit {quoi} de {qui}."
                yield Rupture(None, f"scrutin {scrutin.pk}", phrase)
        elif ligne.genre == GenreEvenement.RECUSATION:
            if vote is not None:
                yield ligne.dit(f"{qui} s’est récusée, et un vote est pourtant inscrit dans la base.")
            if recusation is None:
                yield ligne.dit(f"la récusation de {qui} n’est plus dans la base.")
            else:
                yield from ecarts(ligne, secret=secret_recusation(recusation), engage=f"la récusation de {qui}")
        else:
            yield from _vote(ligne, electeur, qui)
    for ligne in dernieres.values():
        yield ligne.dit(f"la voix nº {ligne.corps.get('siege')} n’est pas appelée à ce scrutin dans la base.")


def _vote(ligne: LigneLue, electeur: Electeur, qui: str) -> Iterator[Rupture]:
    vote = getattr(electeur, "vote", None)
    if vote is None:
        yield ligne.dit(f"le vote de {qui} n’est plus dans la base.")
        return
    if hasattr(electeur, "recusation"):
        yield Rupture(None, f"scrutin {electeur.scrutin_id}", f"aucune ligne ne dit la récusation de {qui}.")
    yield from ecarts(ligne, corps={"canal": str(vote.canal)}, secret=secret_vote(vote), engage=f"le vote de {qui}")


def _fin(scrutin: Scrutin, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
    """Compare the last line of a ballot with its state, its counts and its votes."""
    attendu = FINS.get(EtatScrutin(scrutin.etat))
    fins = [fin for fin in lignes if fin.genre in NOMS_FINS]
    for fin in fins:
        if fin.genre != attendu:
            yield fin.dit(f"dans la base, ce scrutin est à l’état « {scrutin.get_etat_display()} ».")
    if attendu is None:
        return
    ligne = next((fin for fin in fins if fin.genre == attendu), None)
    if ligne is None:
        yield Rupture(None, f"scrutin {scrutin.pk}", f"aucune ligne ne dit {NOMS_FINS[attendu]}.")
    elif attendu == GenreEvenement.ANNULATION:
        yield from ecarts(ligne, secret={"motif": scrutin.motif_annulation}, engage="le motif de l’annulation")
    else:
        yield from ecarts(ligne, corps=corps_cloture(scrutin, scrutin.decompte.quorum))
        votes = [vote.choix for electeur in scrutin.electeurs.all() if (vote := getattr(electeur, "vote", None))]
        comptes = {
            "pour": votes.count("pour"),
            "contre": votes.count("contre"),
            "abstentions": votes.count("abstention"),
        }
        if votes and scrutin.nb_presents is None:
            yield from ecarts(ligne, corps=comptes)


def controler_resolutions() -> Iterator[Rupture]:
    """Compare each resolution with its line, and look for gaps in the numbering."""
    prefixes = prefixes_des_instances()

    def comparer(resolution: Resolution, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        if not lignes:
            phrase = f"aucune ligne ne dit la résolution {resolution.code}."
            yield Rupture(None, f"resolution {resolution.pk}", phrase)
            return
        yield from ecarts(
            lignes[0],
            corps=corps_resolution(resolution),
            secret=secret_resolution(resolution),
            engage="le titre et le texte de la résolution",
        )
        codes = {
            f"{prefixe}-{resolution.exercice.code}-{resolution.numero:03d}"
            for prefixe in prefixes[resolution.instance_gouvernance_id]
        }
        if lignes[0].corps.get("code") not in codes:
            yield lignes[0].dit(
                "le numéro n’est pas celui de l’instance, de l’exercice et du rang inscrits dans la base."
            )
        for ligne in lignes[1:]:
            yield ligne.dit(f"la résolution {resolution.code} était déjà inscrite à la ligne {lignes[0].numero}.")

    fiches = Resolution.objects.select_related("corrige", "exercice")
    yield from confronter("resolution", fiches, comparer, disparue="la résolution dont elle parle n’existe plus.")
    yield from _trous()


def _trous() -> Iterator[Rupture]:
    """Yield the numbers missing in the resolutions of each instance and exercice."""
    groupes = (
        Resolution.objects.order_by()
        .values("instance_gouvernance", "instance_gouvernance__prefixe", "exercice", "exercice__code")
        .annotate(nb=Count("pk"), premier=Min("numero"), dernier=Max("numero"))
        .exclude(premier=1, nb=Max("numero"))
    )
    for groupe in groupes:
        pris = set(
            Resolution.objects.filter(
                instance_gouvernance=groupe["instance_gouvernance"], exercice=groupe["exercice"]
            ).values_list("numero", flat=True)
        )
        for numero in range(1, groupe["dernier"] + 1):
            if numero not in pris:
                code = f"{groupe['instance_gouvernance__prefixe']}-{groupe['exercice__code']}-{numero:03d}"
                yield Rupture(None, code, "ce numéro manque à la suite des résolutions.")


def controler_exercices() -> Iterator[Rupture]:
    """Compare each exercice with its last line: closed, or open again (R10)."""

    def comparer(exercice: Exercice, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        inscrit_clos = bool(lignes) and lignes[-1].genre == GenreEvenement.EXERCICE_CLOS
        etat = "clos" if exercice.est_clos else "ouvert"
        if lignes:
            yield from ecarts(lignes[-1], corps={"exercice": exercice.code})
        if inscrit_clos != exercice.est_clos:
            phrase = f"dans la base, l’exercice {exercice.code} est {etat}."
            yield (
                lignes[-1].dit(phrase)
                if lignes
                else Rupture(
                    None, f"exercice {exercice.pk}", f"aucune ligne ne dit que l’exercice {exercice.code} est clos."
                )
            )

    yield from confronter(
        "exercice", Exercice.objects.all(), comparer, disparue="l’exercice dont elle parle n’existe plus."
    )


def controler_proces_verbaux() -> Iterator[Rupture]:
    """Compare each adopted procès-verbal with its line, and the head it prints with the line it names."""
    nommees = ProcesVerbal.objects.order_by().filter(numero_registre__isnull=False).values("numero_registre")
    empreintes = dict(EvenementRegistre.objects.filter(numero__in=nommees).values_list("numero", "empreinte"))

    def comparer(proces_verbal: ProcesVerbal, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        objet, numero = f"proces_verbal {proces_verbal.pk}", proces_verbal.numero_registre
        if lignes and not proces_verbal.est_adopte:
            yield lignes[-1].dit("dans la base, ce procès-verbal est un projet.")
        if not proces_verbal.est_adopte:
            return
        if not lignes:
            yield Rupture(None, objet, "aucune ligne ne dit l’adoption de ce procès-verbal.")
        else:
            yield from ecarts(lignes[-1], corps=corps_adoption(proces_verbal))
        if numero and empreintes.get(numero) != proces_verbal.empreinte_registre:
            yield Rupture(
                numero, objet, f"l’empreinte imprimée dans ce procès-verbal n’est plus celle de la ligne {numero}."
            )

    yield from confronter(
        "proces_verbal",
        ProcesVerbal.objects.all(),
        comparer,
        disparue="le procès-verbal dont elle parle n’existe plus.",
    )
