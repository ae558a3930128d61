"""The database itself refuses to change or delete a line of the chained register (R7)."""

from typing import Any

from django.db import migrations

from demarche.declencheurs import lever, poser


def proteger(apps: Any, schema_editor: Any) -> None:
    poser(schema_editor.connection)


def liberer(apps: Any, schema_editor: Any) -> None:
    lever(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("demarche", "0001_initial")]
    operations = [migrations.RunPython(proteger, liberer)]
