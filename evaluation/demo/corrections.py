"""A resolution of an assemblée, corrected by the next one: the later cites the earlier, both stay (R7)."""

from demarche.gouvernance.models import Rencontre, Resolution
from demarche.rencontres.services.votes_comptes import CompteSalle, clore_par_nombre, ouvrir_vote_en_rencontre
from evaluation.demo.ecriture import Demo
from evaluation.demo.temps import a_l_instant, instant

QUESTION = "Cadre de référence : l’équipe le publie en septembre"
TEXTE = (
    "La version mise au net du cadre de référence a demandé plus de temps que prévu. Là où la résolution disait juin "
    "2024, lire septembre 2024. Le reste ne change pas."
)
PRESENTS, ABSTENTIONS = 24, 1


def corriger_le_cadre(demo: Demo) -> None:
    """Adopt, in the first assemblée after it, the correction of the resolution that adopted the framework."""
    corrigee = Resolution.objects.filter(exercice=demo.reference).order_by("pk").first()
    suivantes = Rencontre.objects.filter(instance_gouvernance=demo.instances["AP"], date__gt=demo.reference.fin)
    rencontre = suivantes.filter(date__lt=demo.jour).order_by("date").first()
    if corrigee is None or rencontre is None:
        return
    with a_l_instant(instant(rencontre.date, 14, 20)):
        scrutin = ouvrir_vote_en_rencontre(
            rencontre=rencontre,
            question=QUESTION,
            texte=TEXTE,
            auteur=demo.auteur,
            inscrit_resolution=True,
            corrige=corrigee,
        )
        compte = CompteSalle(
            nb_presents=PRESENTS, nb_pour=PRESENTS - ABSTENTIONS, nb_contre=0, nb_abstentions=ABSTENTIONS
        )
        clore_par_nombre(scrutin.pk, compte=compte)
