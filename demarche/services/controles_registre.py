"""What the register says of resolutions, exercices and minutes, against their rows of today (R7, R10)."""

from collections.abc import Iterator, Sequence

from django.db.models import Count, Max, Min

from demarche.enums import GenreEvenement
from demarche.models import EvenementRegistre, Exercice, ProcesVerbal, Resolution
from demarche.registre import Rupture

from .adoptions_proces_verbaux import corps_adoption
from .controles_scrutins import prefixes_des_instances
from .exercices import corps_exercice
from .lecture_registre import LigneLue, confronter, ecarts
from .resolutions import corps_resolution, secret_resolution


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
    """Compare each exercice with its last line, closed or open again, and each line with the reason kept (R10)."""
    motifs = dict(
        Exercice.history.exclude(history_change_reason=None).values_list("history_id", "history_change_reason")
    )

    def comparer(exercice: Exercice, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        inscrit_clos = bool(lignes) and lignes[-1].genre == GenreEvenement.EXERCICE_CLOS
        etat = "clos" if exercice.est_clos else "ouvert"
        if lignes:
            yield from ecarts(lignes[-1], corps=corps_exercice(exercice))
        for ligne in lignes:
            motif = motifs.get(ligne.corps.get("historique"))
            yield from ecarts(ligne, secret={"motif": motif}, engage="le motif gardé dans l’historique de l’exercice")
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
