"""Triggers of the chained register, on SQLite and on PostgreSQL: its lines are written once, in their order (R7)."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE, SELS = "registre_evenementregistre", "registre_selregistre"
REFUS = "Le registre des décisions ne se modifie pas et ne s’efface pas."
SUITE = f"NEW.numero <> (SELECT coalesce(max(numero), 0) + 1 FROM {TABLE})"
# INSERT OR REPLACE of SQLite erases, without any DELETE, the row that has the same key.
DEJA_LIGNE = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR empreinte = NEW.empreinte)"
DEJA_SEL = f"EXISTS (SELECT 1 FROM {SELS} WHERE id = NEW.id OR evenement_id = NEW.evenement_id)"
# A salt goes only once a line of the register says so (R13).
NON_DIT = (
    f"NOT EXISTS (SELECT 1 FROM {TABLE} ligne JOIN {TABLE} effacement ON effacement.genre = 'effacement' "
    "AND effacement.objet = 'ligne ' || ligne.numero WHERE ligne.id = OLD.evenement_id)"
)

# What each trigger refuses, by its name: when it fires, on which table, and under which condition.
DECLENCHEURS: dict[str, dict[str, tuple[str, str, str]]] = {
    "sqlite": {
        "registre_sans_update": ("BEFORE UPDATE", TABLE, "1"),
        "registre_sans_delete": ("BEFORE DELETE", TABLE, "1"),
        "registre_a_la_suite": ("BEFORE INSERT", TABLE, f"{SUITE} OR {DEJA_LIGNE}"),
        "sels_sans_update": ("BEFORE UPDATE", SELS, "1"),
        "sels_sans_delete": ("BEFORE DELETE", SELS, NON_DIT),
        "sels_sans_remplacement": ("BEFORE INSERT", SELS, DEJA_SEL),
    },
    "postgresql": {
        "registre_sans_update": ("BEFORE UPDATE OR DELETE", TABLE, "true"),
        "registre_sans_delete": ("BEFORE TRUNCATE", TABLE, "true"),
        "registre_a_la_suite": ("BEFORE INSERT", TABLE, SUITE),
        "sels_sans_update": ("BEFORE UPDATE", SELS, "true"),
        "sels_sans_delete": ("BEFORE DELETE", SELS, NON_DIT),
        "sels_sans_truncate": ("BEFORE TRUNCATE", SELS, "true"),
    },
}
POSES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _ordres(vendor: str, nom: str) -> tuple[str, ...]:
    """Return what puts one trigger, again if it is there."""
    quand, table, condition = DECLENCHEURS[vendor][nom]
    if vendor == "sqlite":
        return (
            f"DROP TRIGGER IF EXISTS {nom}",
            f"CREATE TRIGGER {nom} {quand} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUS}'); END",
        )
    rendu = "OLD" if quand == "BEFORE DELETE" else "NEW"
    portee = "STATEMENT" if "TRUNCATE" in quand else "ROW"
    return (
        f"CREATE OR REPLACE FUNCTION {nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{REFUS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {rendu}; END $$",
        f"CREATE OR REPLACE TRIGGER {nom} {quand} ON {table} FOR EACH {portee} EXECUTE FUNCTION {nom}()",
    )


def poser(connexion: BaseDatabaseWrapper) -> None:
    """Make the database refuse everything but the next line of the register; idempotent."""
    with connexion.cursor() as curseur:
        for nom in DECLENCHEURS[connexion.vendor]:
            for ordre in _ordres(connexion.vendor, nom):
                curseur.execute(ordre)


def lever(connexion: BaseDatabaseWrapper) -> None:
    """Remove the triggers: only for a migration of these tables, and to empty a test database."""
    with connexion.cursor() as curseur:
        for nom, (_quand, table, _condition) in DECLENCHEURS[connexion.vendor].items():
            sur = f" ON {table}" if connexion.vendor == "postgresql" else ""
            curseur.execute(f"DROP TRIGGER IF EXISTS {nom}{sur}")


def absents(connexion: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that the database does not have, or no longer runs."""
    with connexion.cursor() as curseur:
        curseur.execute(POSES[connexion.vendor])
        poses = {nom for (nom,) in curseur.fetchall()}
    return [nom for nom in DECLENCHEURS[connexion.vendor] if nom not in poses]
