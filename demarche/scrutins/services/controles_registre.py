"""What the register says of ballots and resolutions, against their rows of today (R4, R5, R7)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count, Max, Min, Prefetch

from demarche.gouvernance.models import InstanceGouvernance, Resolution
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import LigneLue, confronter, ecarts, lire_lignes, par_lots
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Electeur, Scrutin, Vote
from demarche.scrutins.services.inscriptions import secret_recusation, secret_vote
from demarche.scrutins.services.resolutions import corps_resolution, secret_resolution
from demarche.scrutins.services.scrutins import corps_cloture, corps_ouverture, secret_ouverture

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
    numeros = ligne.corps.get("electeurs")
    if isinstance(numeros, list) and sorted(numeros) == corps["electeurs"]:
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


def controler_votes_anterieurs() -> Iterator[Rupture]:
    """Compare each line of a vote, changed since or not, with the vote that the history keeps (R5)."""
    electeurs = Electeur.objects.order_by("pk").values_list("pk", "scrutin", "numero")
    for lot in par_lots(electeurs.iterator()):
        voix = {(f"scrutin {scrutin}", numero): pk for pk, scrutin, numero in lot}
        inscrits = EvenementRegistre.objects.filter(genre__in=DE_VOTE, objet__in={objet for objet, _ in voix})
        ecrits = defaultdict(list)
        for ecrit in Vote.history.filter(electeur__in=voix.values(), history_type__in="+~").order_by("history_id"):
            ecrits[ecrit.electeur_id].append(ecrit)
        rangs: dict[int, int] = defaultdict(int)
        for ligne in lire_lignes(inscrits):
            pk = voix.get((ligne.objet, ligne.corps.get("siege", 0)))
            if pk is None:
                continue  # of another lot, or told as a voice that nobody called
            qui, rang = f"la voix nº {ligne.corps['siege']}", rangs[pk]
            rangs[pk] += 1
            if rang >= len(ecrits[pk]):
                yield ligne.dit(f"l’historique n’a plus ce vote de {qui}.")
            else:
                yield from ecarts(
                    ligne, secret=secret_vote(ecrits[pk][rang]), engage=f"dans l’historique, ce vote de {qui}"
                )


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
        for numero in sorted(set(range(1, groupe["dernier"] + 1)) - pris):
            code = f"{groupe['instance_gouvernance__prefixe']}-{groupe['exercice__code']}-{numero:03d}"
            yield Rupture(None, code, "ce numéro manque à la suite des résolutions.")
