"""Presences at meetings, collaborations of a year."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Exercice, Rencontre
from partenaires.enums import CategoriePartenaire
from partenaires.models import Adhesion, CollaborationStructurante, Organisation, Personne, Presence
from partenaires.rapprochement import cle_alphabetique


@dataclass(frozen=True)
class PresencesRencontre:
    """How many people and organisations were at one meeting; both zero when nothing was noted."""

    rencontre: Rencontre
    nb_personnes: int
    nb_organisations: int

    @property
    def est_notee(self) -> bool:
        return self.nb_personnes > 0


def rencontres_avec_presences(rencontres: QuerySet[Rencontre]) -> list[PresencesRencontre]:
    """Return these meetings with their counts, in one query whatever their number."""
    annotees = rencontres.annotate(
        nb_personnes=Coalesce(Sum("presences__nb_personnes"), 0),
        nb_organisations=Count("presences__organisation", distinct=True),
    )
    return [PresencesRencontre(r, r.nb_personnes, r.nb_organisations) for r in annotees]


def presences_rencontre(rencontre: Rencontre) -> PresencesRencontre:
    """Return how many people and organisations were at this meeting."""
    return rencontres_avec_presences(Rencontre.objects.filter(pk=rencontre.pk))[0]


def lignes_presences(rencontre: Rencontre) -> list[Presence]:
    """Return the lines of a meeting: organisations in alphabetical order, then citizens, then the others."""
    lignes = list(Presence.objects.filter(rencontre=rencontre).select_related("organisation", "personne"))
    return sorted(
        lignes, key=lambda p: (p.organisation_id is None, p.personne_id is None, cle_alphabetique(str(p)), p.pk)
    )


def assemblees_de_l_exercice(exercice: Exercice) -> list[PresencesRencontre]:
    """Return the assemblées des partenaires of the exercice, in date order, with their counts."""
    return rencontres_avec_presences(
        Rencontre.objects.maintenues()
        .filter(instance_gouvernance__genre=GenreInstance.ASSEMBLEE, date__range=(exercice.debut, exercice.fin))
        .select_related("instance_gouvernance")
        .order_by("date", "pk")
    )


def presents_non_partenaires(rencontre: Rencontre) -> tuple[list[Organisation], list[Personne]]:
    """Return the organisations and the citizens noted at this meeting who were not partners on its day."""
    jour = Adhesion.objects.en_vigueur(rencontre.date)
    lignes = lignes_presences(rencontre)
    deja_organisations = set(jour.values_list("organisation_id", flat=True))
    deja_personnes = set(jour.filter(categorie=CategoriePartenaire.CITOYEN).values_list("personne_id", flat=True))
    organisations = {ligne.organisation for ligne in lignes if ligne.organisation is not None}
    personnes = {ligne.personne for ligne in lignes if ligne.personne is not None and ligne.organisation is None}
    return (
        sorted((o for o in organisations if o.pk not in deja_organisations), key=lambda o: cle_alphabetique(o.nom)),
        sorted((p for p in personnes if p.pk not in deja_personnes), key=lambda p: cle_alphabetique(str(p))),
    )


def collaborations_de_l_exercice(exercice: Exercice) -> list[CollaborationStructurante]:
    """Return the collaborations that took place, even in part, in the exercice, in date order."""
    return list(CollaborationStructurante.objects.de_l_exercice(exercice))
