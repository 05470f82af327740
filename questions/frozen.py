"""Triggers that keep published content as it is, even against `update()` and the database's own shell.

They are installed after every migration, because SQLite drops triggers when it rebuilds a table. Idempotent.
"""

from typing import Any

from django.db import connections

FROZEN = ("question_id", "number", "content", "digest", "published_at", "published_by_id")
MESSAGE = "a published revision never changes"


def install(*, using: str, **kwargs: Any) -> None:
    """Put the trigger on the table of revisions, if the table is there."""
    connection = connections[using]
    if "questions_revision" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)


def _differs(distinct: str) -> str:
    return " OR ".join(f'NEW."{column}" {distinct} OLD."{column}"' for column in FROZEN)


STATEMENTS = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS questions_revision_frozen",
        f"""
        CREATE TRIGGER questions_revision_frozen BEFORE UPDATE ON questions_revision
        WHEN {_differs("IS NOT")}
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
        """,
    ],
    "postgresql": [
        f"""
        CREATE OR REPLACE FUNCTION questions_revision_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END
        $body$
        """,
        f"""
        CREATE OR REPLACE TRIGGER questions_revision_frozen BEFORE UPDATE ON questions_revision
        FOR EACH ROW WHEN ({_differs("IS DISTINCT FROM")})
        EXECUTE FUNCTION questions_revision_frozen()
        """,
    ],
}
