"""Files kept by the démarche."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords


def chemin_document(document: "Document", nom: str) -> str:
    """Return a path that hides the name typed by a person."""
    extension = nom.rsplit(".", 1)[-1].lower() if "." in nom else "bin"
    return f"documents/{uuid.uuid4().hex}.{extension[:8]}"


class Document(models.Model):
    """One file: a photo, an attachment, a text. Served only through a view that asks a permission."""

    titre = models.CharField("titre", max_length=160)
    fichier = models.FileField("fichier", upload_to=chemin_document)
    nom_origine = models.CharField("nom du fichier", max_length=160)
    type_contenu = models.CharField("type", max_length=80)
    taille = models.PositiveIntegerField("taille en octets")
    texte_alternatif = models.CharField("description de l’image", max_length=250, blank=True)
    est_public = models.BooleanField("visible sans compte", default=False)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="déposé par"
    )
    depose_le = models.DateTimeField("déposé le", default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = ("-depose_le", "-pk")

    def __str__(self) -> str:
        return self.titre

    if TYPE_CHECKING:  # its page stands in a room above: the setting ABSOLUTE_URL_OVERRIDES gives its address

        def get_absolute_url(self) -> str: ...

    @property
    def est_image(self) -> bool:
        return self.type_contenu.startswith("image/")
