"""The database itself refuses to change or erase a line of the register, on SQLite and on PostgreSQL (R7)."""

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField

from demarche.registre.declencheurs import REFUS, SELS, TABLE, absents, poser
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre, SelRegistre
from demarche.registre.services.lignes import inscrire_evenement
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.services.effacements import effacer_sel
from tests.factories.demarche import UtilisateurFactory

pytestmark = [pytest.mark.django_db, pytest.mark.base]


@pytest.fixture
def ligne():
    """One line, under the triggers that the migrations put."""
    return inscrire_evenement(GenreEvenement.EXERCICE_CLOS, "exercice 0", corps={"exercice": "x"})


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


@pytest.mark.regle("R7")
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


REMPLACER = f"""INSERT OR REPLACE INTO {TABLE}
    (id, numero, genre, objet, corps, engagement, inscrit_le, precedente, empreinte)
    SELECT %s, %s, genre, objet, corps, engagement, inscrit_le, precedente, %s FROM {TABLE} WHERE numero = 1"""
INSERER = REMPLACER.replace("INSERT OR REPLACE", "INSERT")


@pytest.mark.regle("R7")
@pytest.mark.parametrize("numero", [1, 3, 500])
def test_only_the_next_line_is_written(ligne, numero):
    with pytest.raises(IntegrityError), transaction.atomic():
        executer(INSERER, 900, numero, "a" * 64)
    executer(INSERER, 900, 2, "a" * 64)
    assert EvenementRegistre.objects.count() == 2


@pytest.mark.regle("R7")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone erases a row by inserting another")
@pytest.mark.parametrize("meme", ["id", "numero", "empreinte"])
def test_line_is_not_replaced_by_an_insertion(ligne, meme):
    valeurs = {"id": 900, "numero": 2, "empreinte": "a" * 64} | {meme: getattr(ligne, meme)}
    with pytest.raises(IntegrityError, match=REFUS), transaction.atomic():
        executer(REMPLACER, *valeurs.values())
    assert EvenementRegistre.objects.get().pk == ligne.pk


@pytest.fixture
def sel(ligne):
    return inscrire_evenement(GenreEvenement.VOTE, "scrutin 0", corps={"siege": 1}, secret={"choix": "pour"}).sel


GESTES_SEL = {
    "update": f"UPDATE {SELS} SET sel = 'x' WHERE id = %s",
    "delete": f"DELETE FROM {SELS} WHERE id = %s",
    "replace": f"INSERT OR REPLACE INTO {SELS} (id, evenement_id, sel) "
    f"SELECT id + 1, evenement_id, 'x' FROM {SELS} WHERE id = %s",
}
if connection.vendor == "postgresql":
    del GESTES_SEL["replace"]


@pytest.mark.regle("R7")
@pytest.mark.parametrize("geste", GESTES_SEL)
def test_salt_is_neither_changed_nor_erased_in_silence(sel, geste):
    with pytest.raises(IntegrityError, match=REFUS), transaction.atomic():
        executer(GESTES_SEL[geste], sel.pk)
    assert SelRegistre.objects.values_list("sel", flat=True).get() == sel.sel


def test_salt_is_erased_once_a_line_tells_it(sel):
    effacer_sel(sel.evenement.numero, auteur=UtilisateurFactory())
    assert not SelRegistre.objects.exists()
    assert verifier_registre().nb_sans_sel == 1


def test_triggers_can_be_put_twice(ligne):
    poser(connection)
    assert absents(connection) == []


@pytest.mark.regle("R7")
def test_table_made_again_by_a_migration_keeps_its_triggers(transactional_db):
    ancien = EvenementRegistre._meta.get_field("objet")
    nouveau = CharField("objet", max_length=80)
    nouveau.set_attributes_from_name("objet")
    nouveau.model = EvenementRegistre
    for de, vers in ((ancien, nouveau), (nouveau, ancien)):
        emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
        with connection.schema_editor() as editeur:
            editeur.alter_field(EvenementRegistre, de, vers)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        assert absents(connection) == []
