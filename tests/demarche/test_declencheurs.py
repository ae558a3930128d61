"""The database itself refuses to change or erase a line of the register, on SQLite and on PostgreSQL (R7)."""

import pytest
from django.db import IntegrityError, connection, transaction

from demarche.declencheurs import REFUS, TABLE, lever, poser
from demarche.enums import GenreEvenement
from demarche.models import EvenementRegistre
from demarche.services.registre_decisions import inscrire_evenement
from demarche.services.verification_registre import verifier_registre

pytestmark = pytest.mark.django_db


@pytest.fixture
def ligne():
    """One line, under the triggers that the migrations put."""
    poser(connection)
    yield inscrire_evenement(GenreEvenement.EXERCICE_CLOS, "exercice 0", corps={"exercice": "x"})
    lever(connection)


def executer(ordre, *valeurs):
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)


def enregistrer(ligne):
    ligne.objet = "exercice 1"
    ligne.save()


GESTES = {
    "save": enregistrer,
    "update": lambda ligne: EvenementRegistre.objects.filter(pk=ligne.pk).update(objet="exercice 1"),
    "bulk_update": lambda ligne: EvenementRegistre.objects.bulk_update([ligne], ["corps"]),
    "delete": lambda ligne: ligne.delete(),
    "queryset delete": lambda ligne: EvenementRegistre.objects.all().delete(),
    "sql update": lambda ligne: executer(f"UPDATE {TABLE} SET corps = %s WHERE id = %s", "{}", ligne.pk),
    "sql delete": lambda ligne: executer(f"DELETE FROM {TABLE} WHERE id = %s", ligne.pk),
    "sql delete all": lambda ligne: executer(f"DELETE FROM {TABLE}"),
}
if connection.vendor == "postgresql":
    GESTES["sql truncate"] = lambda ligne: executer(f"TRUNCATE {TABLE} CASCADE")


@pytest.mark.parametrize("geste", GESTES)
def test_written_line_is_neither_changed_nor_erased(ligne, geste):
    avant = EvenementRegistre.objects.values().get()
    with pytest.raises(IntegrityError, match=REFUS), transaction.atomic():
        GESTES[geste](ligne)
    assert EvenementRegistre.objects.values().get() == avant


def test_register_still_grows_under_the_triggers(ligne):
    inscrire_evenement(GenreEvenement.VOTE, "scrutin 0", corps={"siege": 1}, secret={"choix": "pour"})
    numeros = list(EvenementRegistre.objects.values_list("numero", flat=True))
    assert numeros == [1, 2]
    assert not [rupture for rupture in verifier_registre().ruptures if "empreinte" in rupture.phrase]


def test_salt_can_be_erased_under_the_triggers(ligne):
    engagee = inscrire_evenement(GenreEvenement.VOTE, "scrutin 0", corps={"siege": 1}, secret={"choix": "pour"})
    engagee.sel.delete()
    assert verifier_registre().nb_sans_sel == 1


def test_triggers_can_be_put_twice(ligne):
    poser(connection)
