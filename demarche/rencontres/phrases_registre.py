"""What the lines of the register about minutes are about."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from demarche.registre.protocoles import ObjetNomme
from demarche.rencontres.models import ProcesVerbal


def nommer_proces_verbaux(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = ProcesVerbal.objects.filter(pk__in=cles).values_list("pk", "rencontre", "rencontre__titre")
    return {
        pk: ObjetNomme(f"procès-verbal : {titre}", reverse("rencontres:rencontre_detail", args=[rencontre]))
        for pk, rencontre, titre in valeurs
    }
