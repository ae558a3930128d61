"""Illustrations drawn for the sample démarche: mosaics of quarter circles, so that pages with photos look lived in."""

import hashlib
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from chantiers.actions.models import Activite
from demarche.socle.services.documents import deposer_document
from evaluation.demo.ecriture import Demo

CARREAU = 120
COLONNES, RANGEES = 6, 4
COULEURS = ("#1f4e5f", "#3c7a89", "#8fb8b2", "#f3ead8", "#d9a441", "#c4623f")
DESCRIPTION = "{} (mosaïque qui tient lieu de photo)"

# The activities of 2023-2024 that have one.
ACTIVITES = (
    "Cabane à sucre mobile",
    "Fête du voisinage, Saint-Rodrigue",
    "Corvée de plantation au Jardin de l’amitié",
    "Lancement et distribution de la carte",
    "Rencontre citoyenne et vote sur le nom",
    "Dévoilement du portrait et atelier sur le logement",
)


def charger_illustrations(demo: Demo) -> None:
    """Draw and attach one illustration to each of the chosen activities."""
    for titre in ACTIVITES:
        activite = Activite.objects.get(titre=titre)
        activite.photo = deposer_document(
            fichier=SimpleUploadedFile("illustration.png", dessiner(titre), "image/png"),
            titre=titre,
            auteur=demo.auteur,
            texte_alternatif=DESCRIPTION.format(titre),
            est_public=True,
        )
        demo.creer(activite)


def dessiner(graine: str) -> bytes:
    """Return a PNG mosaic; the same seed gives the same drawing."""
    from PIL import Image, ImageDraw

    double = 2 * CARREAU  # drawn twice as large, then reduced: smooth edges
    image = Image.new("RGB", (COLONNES * double, RANGEES * double))
    dessin = ImageDraw.Draw(image)
    hasard = hashlib.sha512(graine.encode()).digest()
    for rang in range(COLONNES * RANGEES):
        choix = hasard[rang]
        x, y = rang % COLONNES * double, rang // COLONNES * double
        fond = COULEURS[choix % 6]
        forme = COULEURS[(choix % 6 + 1 + choix // 6 % 5) % 6]
        coin = choix // 32 % 4
        dessin.rectangle((x, y, x + double, y + double), fill=fond)
        centre_x, centre_y = x + coin % 2 * double, y + coin // 2 * double
        boite = (centre_x - double, centre_y - double, centre_x + double, centre_y + double)
        debut = {0: 0, 1: 90, 2: 270, 3: 180}[coin]
        dessin.pieslice(boite, debut, debut + 90, fill=forme)
    tampon = io.BytesIO()
    image.resize((COLONNES * CARREAU, RANGEES * CARREAU), Image.Resampling.LANCZOS).save(tampon, "PNG")
    return tampon.getvalue()
