import pytest

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import MotifType
from chantiers.demandes.queries.decisions import motifs_actifs
from chantiers.demandes.services.decisions import (
    MOTIFS_PROPOSES,
    ajouter_motifs_proposes,
    enregistrer_motif,
    monter_motif,
)
from demarche.socle.erreurs import ErreurMetier
from tests.factories.demarche import UtilisateurFactory

pytestmark = pytest.mark.django_db


def ajouter(texte, sens=SensMotif.REFUS, **autres):
    donnees = {"sens": sens, "texte": texte, "est_actif": True, **autres}
    return enregistrer_motif(None, donnees=donnees, auteur=UtilisateurFactory())


def test_proposed_reasons_come_once_and_leave_what_is_there():
    ajouter("Le nôtre.")
    nombre = sum(len(textes) for textes in MOTIFS_PROPOSES.values())
    assert [ajouter_motifs_proposes(auteur=UtilisateurFactory()) for _ in range(2)] == [nombre, 0]
    assert motifs_actifs(SensMotif.REFUS)[0].texte == "Le nôtre."


def test_same_reason_twice_is_refused():
    ajouter("Trop tard.")
    with pytest.raises(ErreurMetier, match="déjà dans la liste"):
        ajouter("Trop tard.")
    assert ajouter("Trop tard.", SensMotif.PRECISIONS).ordre == 1


def test_reason_moves_up_one_place():
    un, _, trois = (ajouter(texte) for texte in ("Un.", "Deux.", "Trois."))
    monter_motif(trois.pk, auteur=UtilisateurFactory())
    monter_motif(un.pk, auteur=UtilisateurFactory())
    assert list(MotifType.objects.values_list("texte", "ordre")) == [("Un.", 1), ("Trois.", 2), ("Deux.", 3)]


def test_reason_no_longer_offered_stays_in_the_list():
    motif = ajouter("Ancien.")
    enregistrer_motif(
        motif, donnees={"sens": motif.sens, "texte": motif.texte, "est_actif": False}, auteur=UtilisateurFactory()
    )
    assert (motifs_actifs(SensMotif.REFUS), MotifType.objects.count()) == ([], 1)
