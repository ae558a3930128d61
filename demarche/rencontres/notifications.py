"""E-mails about meetings and their minutes, written to the outbox in the transaction that causes them."""

from collections.abc import Sequence

from django.urls import reverse

from demarche.gouvernance.models import Rencontre, Resolution
from demarche.gouvernance.protocoles import Convoque
from demarche.registre.services.lignes import tete_du_registre
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.scrutins.models import Electeur
from demarche.scrutins.queries import titulaires_du_jour
from demarche.socle.francais import ecrire_date
from demarche.socle.services.courriels import deposer_courriel


def annoncer_adoption(proces_verbal: ProcesVerbal) -> None:
    """Send the head of the register, once, to each person called to the votes of a meeting whose minutes are adopted.

    A meeting votes many times in an hour: one message when its minutes are final, not one a vote (R7).
    """
    rencontre = proces_verbal.rencontre
    appeles = Electeur.objects.filter(scrutin__rencontre=rencontre).select_related("utilisateur").order_by("numero")
    contexte = {
        "proces_verbal": proces_verbal,
        "resolutions": list(Resolution.objects.filter(rencontre=rencontre).order_by("numero")),
        "tete": tete_du_registre(),
        "chemin": reverse("rencontres:proces_verbal_detail", args=[proces_verbal.pk]),
    }
    for compte in dict.fromkeys(titulaires_du_jour(appeles).values()):
        deposer_courriel(
            destinataire=compte.email,
            sujet=f"Procès-verbal adopté : {rencontre.titre}, {ecrire_date(rencontre.date)}"[:200],
            gabarit="courriels/proces_verbal_adopte.txt",
            contexte=contexte,
        )


def convoquer_a_la_rencontre(rencontre: Rencontre, convoque: Convoque, points: Sequence[PointOrdreDuJour]) -> None:
    """Call one person to a meeting, with its agenda: whole for a member, its public points for the others."""
    deposer_courriel(
        destinataire=convoque.courriel,
        sujet=f"Convocation : {rencontre.titre}, {ecrire_date(rencontre.date)}"[:200],
        gabarit="courriels/convocation.txt",
        contexte={
            "rencontre": rencontre,
            "convoque": convoque,
            "points": [point for point in points if convoque.membre or point.est_public],
            "chemin": rencontre.get_absolute_url(),
            "chemin_pdf": reverse("rencontres:ordre_du_jour_pdf", args=[rencontre.pk]),
        },
    )


def annoncer_rencontre_annulee(rencontre: Rencontre, convoque: Convoque) -> None:
    """Tell one person convened that the meeting does not take place, and why."""
    deposer_courriel(
        destinataire=convoque.courriel,
        sujet=f"Rencontre annulée : {rencontre.titre}, {ecrire_date(rencontre.date)}"[:200],
        gabarit="courriels/rencontre_annulee.txt",
        contexte={"rencontre": rencontre, "convoque": convoque},
    )
