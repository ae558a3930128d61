"""The letter that tells a decision on a request, as a PDF of one family with the minutes."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.demandes import commentaires_de
from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.models import Demarche
from demarche.socle.couleurs import jetons
from demarche.socle.pdf import render_pdf


@dataclass(frozen=True)
class Contact:
    """Who to write to about a decision."""

    nom: str
    courriel: str


def contact_de_la_coordination() -> Contact | None:
    """Return who coordinates today; None when the seat is empty."""
    roles = RoleAttribue.objects.en_vigueur(timezone.localdate()).filter(role=Role.COORDONNATEUR)
    role = roles.select_related("utilisateur").order_by("du", "pk").first()
    personne: Utilisateur | None = role.utilisateur if role else None
    return Contact(str(personne), personne.email) if personne else None


def pdf_lettre(demande: DemandeFonds, demarche: Demarche | None) -> bytes:
    """Return the tagged PDF of the letter on a decided request.

    Errors: RessourceRefusee when the machine lacks a part.
    """
    contexte = {
        "demande": demande,
        "commentaires": commentaires_de(demande),
        "demarche": demarche,
        "contact": contact_de_la_coordination(),
        "gestionnaire": demande.enveloppe.gestionnaire if demande.enveloppe else "",
    }
    return render_pdf(
        render_to_string("pdf/lettre_decision.html", contexte),
        titre=f"Décision – {demande.titre}",
        auteur=demarche.nom if demarche else "",
        feuilles=("css/pdf.css", "css/pdf_lettre.css"),
        jetons=jetons(demarche.couleur) if demarche else None,
    )
