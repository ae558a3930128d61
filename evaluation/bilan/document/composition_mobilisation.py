"""Compose the state of the mobilisation: partenariats, communications, représentations."""

import datetime
from collections.abc import Sequence

from django.db.models import Prefetch

from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Exercice
from evaluation.bilan.document.donnees import (
    AssembleeBilan,
    CollaborationBilan,
    Communications,
    IndicateurBilan,
    InstanceBilan,
    MesureBilan,
    Partenariats,
    PrevisionBilan,
    Representations,
)
from evaluation.plan.comparaisons import croissance
from evaluation.plan.enums import Fiabilite, Realite
from evaluation.plan.models import Indicateur, Mesure
from partenaires.queries.adhesions import adhesions_par_mode
from partenaires.queries.participation import assemblees_de_l_exercice, collaborations_de_l_exercice

UN_AN = datetime.timedelta(days=366)


def composer_partenariats(exercice: Exercice, *, texte: str, instances: Sequence[InstanceBilan]) -> Partenariats:
    """Return the assemblées held with their counts, the concertations and the adhesions of the exercice."""
    adhesions = adhesions_par_mode(exercice)
    return Partenariats(
        texte=texte,
        assemblees=tuple(
            AssembleeBilan(a.rencontre.titre, a.rencontre.date, a.nb_personnes, a.nb_organisations)
            for a in assemblees_de_l_exercice(exercice)
            if a.est_notee
        ),
        concertations=tuple(i.nom for i in instances if i.genre == GenreInstance.CONCERTATION),
        adhesions_formelles=adhesions.formelles,
        adhesions_tacites=adhesions.tacites,
    )


def composer_communications(exercice: Exercice, *, texte: str) -> Communications:
    """Return what was measured in the exercice, with the measures of the year before to compare; two queries."""
    mesures = Mesure.objects.filter(date__gt=exercice.debut - UN_AN, date__lte=exercice.fin).order_by("date", "pk")
    indicateurs = (
        Indicateur.objects.filter(mesures__date__range=(exercice.debut, exercice.fin))
        .distinct()
        .order_by("pk")
        .prefetch_related(Prefetch("mesures", queryset=mesures))
    )
    return Communications(texte, tuple(_indicateur(indicateur) for indicateur in indicateurs))


def _indicateur(indicateur: Indicateur) -> IndicateurBilan:
    mesures = list(indicateur.mesures.all())
    evolution = croissance(mesures)
    return IndicateurBilan(
        nom=indicateur.nom,
        unite=indicateur.unite,
        description=indicateur.description,
        mesures=tuple(
            MesureBilan(
                valeur=m.valeur,
                date=m.date,
                debut_periode=m.debut_periode,
                est_estimee=m.fiabilite == Fiabilite.ESTIMEE,
                est_prevue=m.realite == Realite.PREVUE,
                source=m.source,
            )
            for m in _une_par_jour(mesures)
        ),
        ecart=evolution.ecart if evolution else None,
        taux=evolution.taux if evolution else None,
    )


def _une_par_jour(mesures: Sequence[Mesure]) -> list[Mesure]:
    """Return one measure a day, the last entered, as the growth reads them; forecasts apart."""
    return list({(m.date, m.realite): m for m in mesures}.values())


def composer_previsions(exercice: Exercice) -> tuple[PrevisionBilan, ...]:
    """Return what is forecast for the year after the exercice; one query."""
    mesures = Mesure.objects.filter(
        realite=Realite.PREVUE, date__gt=exercice.fin, date__lt=exercice.fin + UN_AN
    ).select_related("indicateur")
    return tuple(
        PrevisionBilan(
            nom=m.indicateur.nom,
            unite=m.indicateur.unite,
            valeur=m.valeur,
            du=m.debut_periode or m.date,
            au=m.date,
            est_estimee=m.fiabilite == Fiabilite.ESTIMEE,
        )
        for m in mesures.order_by("date", "pk")
    )


def composer_representations(exercice: Exercice, *, texte: str) -> Representations:
    """Return the regional collaborations of the exercice; one query."""
    return Representations(
        texte,
        tuple(
            CollaborationBilan(c.titre, c.get_genre_display(), c.debut, c.fin, c.organisateur, c.description)
            for c in collaborations_de_l_exercice(exercice)
        ),
    )
