"""What was paid, cancelled and released on the requests granted this year, and the lines of the budget they pay."""

import io
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chantiers.budget.models import AffectationSurplus, Enveloppe, LigneBudgetaire
from chantiers.demandes.models import DemandeFonds
from chantiers.finances.services.budget import rattacher_demande
from chantiers.finances.services.decaissements import contrepasser, decaisser, liberer_solde
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import Histoire, il_y_a

MARGE = 40


def histoires_paiements(demo: Demo) -> list[Histoire]:
    """Return the story of each payment and of each release."""
    donnees = lire("argent")
    return [
        *(_payer(demo, ligne) for ligne in donnees["paiements"]),
        *(_liberer(demo, ligne) for ligne in donnees["liberations"]),
    ]


def _demande(demo: Demo, titre: str) -> DemandeFonds:
    return DemandeFonds.objects.get(exercice=demo.courant, titre=titre)


def _payer(demo: Demo, ligne: dict[str, Any]) -> Histoire:
    auteur = demo.comptes[ligne["compte"]]
    yield il_y_a(demo, ligne["jours"], 14)
    decaissement = decaisser(
        _demande(demo, ligne["demande"]).pk,
        auteur=auteur,
        genre=ligne["genre"],
        montant=Decimal(ligne["montant"]),
        date=timezone.localdate(),
        beneficiaire=ligne["beneficiaire"],
        libelle=ligne["libelle"],
        reference=ligne["reference"],
        recu=dessiner_recu(ligne["recu"], ligne["montant"]) if "recu" in ligne else None,
    )
    if "annule" in ligne:
        jours, motif = ligne["annule"]
        yield il_y_a(demo, jours, 13)
        contrepasser(decaissement.pk, auteur=auteur, motif=motif)


def _liberer(demo: Demo, ligne: dict[str, Any]) -> Histoire:
    yield il_y_a(demo, ligne["jours"])
    demande = _demande(demo, ligne["demande"])
    liberer_solde(demande.pk, auteur=demo.comptes[ligne["compte"]], motif=ligne["motif"])


def relier_au_budget(demo: Demo) -> None:
    """Tie the requests to the lines of the budget they pay, and the planned uses to their envelope."""
    for lien in lire("argent")["lignes"]:
        demande = _demande(demo, lien["demande"])
        ligne = LigneBudgetaire.objects.get(
            action_collective=demande.action_collective_id, exercice=demo.courant, libelle=lien["ligne"]
        )
        rattacher_demande(demande.pk, ligne=ligne, auteur=demo.auteur)
    # The envelope of the surplus that bears the name of a planned use carries it.
    for enveloppe in Enveloppe.objects.filter(est_surplus=True):
        for affectation in AffectationSurplus.objects.filter(libelle=enveloppe.nom):
            affectation.enveloppe = enveloppe
            demo.creer(affectation)


def dessiner_recu(titre: str, montant: int) -> "SimpleUploadedFile":
    """Return a drawn receipt that says it is an example."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (720, 480), "white")
    dessin = ImageDraw.Draw(image)
    dessin.rectangle((10, 10, 709, 469), outline="black", width=2)
    police, grande = ImageFont.load_default(26), ImageFont.load_default(44)
    for rang, (texte, fonte) in enumerate((("REÇU (exemple)", police), (titre, police), (f"{montant},00 $", grande))):
        dessin.text((MARGE, MARGE + 110 * rang), texte, fill="black", font=fonte)
    tampon = io.BytesIO()
    image.save(tampon, "PNG")
    return SimpleUploadedFile("recu.png", tampon.getvalue(), "image/png")
