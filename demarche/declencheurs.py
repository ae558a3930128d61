"""Triggers of the chained register, on SQLite and on PostgreSQL: its lines are written once (R7)."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "demarche_evenementregistre"
REFUS = "Le registre des décisions ne se modifie pas et ne s’efface pas."

POSER = {
    "sqlite": (
        f"CREATE TRIGGER IF NOT EXISTS registre_sans_update BEFORE UPDATE ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUS}'); END",
        f"CREATE TRIGGER IF NOT EXISTS registre_sans_delete BEFORE DELETE ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUS}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION registre_inalterable() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER registre_sans_update BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION registre_inalterable()",
        f"CREATE OR REPLACE TRIGGER registre_sans_delete BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION registre_inalterable()",
    ),
}
LEVER = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS registre_sans_update",
        "DROP TRIGGER IF EXISTS registre_sans_delete",
    ),
    "postgresql": (
        f"DROP TRIGGER IF EXISTS registre_sans_update ON {TABLE}",
        f"DROP TRIGGER IF EXISTS registre_sans_delete ON {TABLE}",
    ),
}


def poser(connexion: BaseDatabaseWrapper) -> None:
    """Make the database refuse UPDATE, DELETE and TRUNCATE on the register; idempotent."""
    with connexion.cursor() as curseur:
        for ordre in POSER[connexion.vendor]:
            curseur.execute(ordre)


def lever(connexion: BaseDatabaseWrapper) -> None:
    """Remove the triggers: only to undo the migration, and to empty a test database."""
    with connexion.cursor() as curseur:
        for ordre in LEVER[connexion.vendor]:
            curseur.execute(ordre)
