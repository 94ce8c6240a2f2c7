"""Rows once more, in PostgreSQL itself: everything that there is, under ids made of the old id and a number."""

from django.apps import apps
from django.db import connection, models

from candour.kernel.ids import LENGTH

SHARED = {"tools", "contenttypes", "auth", "sessions", "sites", "django_q"}


def clone_everything(first: int, last: int) -> int:
    """Copy every row that belongs to somebody, once for each number; returns how many rows were made."""
    made = 0
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the rows come table by table
        for model in apps.get_models():
            if model._meta.app_label in SHARED or not model._meta.managed or model._meta.proxy:
                continue
            if not isinstance(model._meta.pk, models.CharField):
                continue
            columns = [field for field in model._meta.concrete_fields if not field.generated]
            names = ", ".join(f'"{field.column}"' for field in columns)
            values = ", ".join(_copied(field) for field in columns)
            table = model._meta.db_table
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" AS one, '
                "generate_series(%s, %s) AS copies (copy)",
                [first, last],
            )
            made += cursor.rowcount
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    return made


def _copied(field: models.Field) -> str:
    column = f'one."{field.column}"'
    if _names_a_row(field):
        return f"CASE WHEN {column} = '' THEN '' ELSE left(md5({column} || '-' || copies.copy), {LENGTH}) END"
    if field.unique and isinstance(field, models.CharField | models.TextField):
        return f"copies.copy || '-' || {column}"
    return column


def _names_a_row(field: models.Field) -> bool:
    if isinstance(field, models.ForeignKey):
        return field.related_model._meta.app_label not in SHARED and isinstance(field.target_field, models.CharField)
    short = isinstance(field, models.CharField) and field.max_length == LENGTH
    return field.primary_key or (short and (field.name.endswith("_id") or field.name in ("actor", "owner")))
