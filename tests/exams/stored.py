"""All that the database holds, to compare before and after."""

from typing import Any

from django.db import connection


def stored() -> dict[str, list[str]]:
    """The rows of every table, sessions and throttles included."""
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in connection.introspection.table_names(cursor)}


def _rows(cursor: Any, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names that the database gave
    return sorted(map(repr, cursor.fetchall()))
