"""What the register says of resolutions, exercices and minutes, against their rows of today (R7, R10)."""

from collections.abc import Iterator, Sequence

from demarche.registre.models import EvenementRegistre
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import LigneLue, confronter, ecarts
from demarche.rencontres.models import ProcesVerbal
from demarche.rencontres.services.adoptions_proces_verbaux import corps_adoption


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
