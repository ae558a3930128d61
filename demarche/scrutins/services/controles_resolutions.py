"""What the register says of resolutions, against their rows of today (R7)."""

from collections.abc import Iterator, Sequence

from django.db.models import Count, Max, Min

from demarche.gouvernance.models import Resolution
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import LigneLue, confronter, ecarts
from demarche.scrutins.services.controles_scrutins import prefixes_des_instances
from demarche.scrutins.services.resolutions import corps_resolution, secret_resolution


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
