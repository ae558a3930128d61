"""Compose the state of the mobilisation: partenaires, communications, représentations."""

import datetime
from collections.abc import Sequence

from django.db.models import Prefetch

from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Exercice
from evaluation.bilan.document import donnees
from evaluation.plan.enums import Fiabilite, Realite
from evaluation.plan.models import Indicateur, Mesure
from evaluation.plan.queries.mesures import croissance
from partenaires.queries.adhesions import adhesions_par_mode
from partenaires.queries.participation import assemblees_de_l_exercice, collaborations_de_l_exercice

UN_AN = datetime.timedelta(days=366)


def composer_partenariats(
    exercice: Exercice, *, texte: str, instances: Sequence[donnees.InstanceBilan]
) -> donnees.Partenariats:
    """Return the assemblées held with their counts, the concertations and the adhesions of the exercice."""
    adhesions = adhesions_par_mode(exercice)
    return donnees.Partenariats(
        texte=texte,
        assemblees=tuple(
            donnees.AssembleeBilan(a.rencontre.titre, a.rencontre.date, a.nb_personnes, a.nb_organisations)
            for a in assemblees_de_l_exercice(exercice)
            if a.est_notee
        ),
        concertations=tuple(i.nom for i in instances if i.genre == GenreInstance.CONCERTATION),
        adhesions_formelles=adhesions.formelles,
        adhesions_tacites=adhesions.tacites,
    )


def composer_communications(exercice: Exercice, *, texte: str) -> donnees.Communications:
    """Return what was measured in the exercice, with the measures of the year before to compare; two queries."""
    mesures = Mesure.objects.filter(date__gt=exercice.debut - UN_AN, date__lte=exercice.fin).order_by("date", "pk")
    indicateurs = (
        Indicateur.objects.filter(mesures__date__range=(exercice.debut, exercice.fin))
        .distinct()
        .order_by("pk")
        .prefetch_related(Prefetch("mesures", queryset=mesures))
    )
    return donnees.Communications(texte, tuple(_indicateur(indicateur) for indicateur in indicateurs))


def _indicateur(indicateur: Indicateur) -> donnees.IndicateurBilan:
    mesures = list(indicateur.mesures.all())
    evolution = croissance(mesures)
    # One measure a day, the last entered, as the growth reads them; forecasts apart.
    par_jour = {(m.date, m.realite): m for m in mesures}
    return donnees.copier(
        donnees.IndicateurBilan,
        indicateur,
        mesures=tuple(
            donnees.copier(
                donnees.MesureBilan,
                mesure,
                est_estimee=mesure.fiabilite == Fiabilite.ESTIMEE,
                est_prevue=mesure.realite == Realite.PREVUE,
            )
            for mesure in par_jour.values()
        ),
        ecart=evolution.ecart if evolution else None,
        taux=evolution.taux if evolution else None,
    )


def composer_previsions(exercice: Exercice) -> tuple[donnees.PrevisionBilan, ...]:
    """Return what is forecast for the year after the exercice; one query."""
    mesures = Mesure.objects.filter(
        realite=Realite.PREVUE, date__gt=exercice.fin, date__lt=exercice.fin + UN_AN
    ).select_related("indicateur")
    return tuple(
        donnees.PrevisionBilan(
            nom=m.indicateur.nom,
            unite=m.indicateur.unite,
            valeur=m.valeur,
            du=m.debut_periode or m.date,
            au=m.date,
            est_estimee=m.fiabilite == Fiabilite.ESTIMEE,
        )
        for m in mesures.order_by("date", "pk")
    )


def composer_representations(exercice: Exercice, *, texte: str) -> donnees.Representations:
    """Return the regional collaborations of the exercice; one query."""
    collaborations = collaborations_de_l_exercice(exercice)
    return donnees.Representations(
        texte,
        tuple(donnees.copier(donnees.CollaborationBilan, c, genre=c.get_genre_display()) for c in collaborations),
    )
