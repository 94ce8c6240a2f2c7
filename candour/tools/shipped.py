"""The tools that come with Candour, put on the shelf once."""

from typing import Any

from django.db import connection, transaction

from candour.kernel.clock import now
from candour.tools.documents import documents, earlier, views
from candour.tools.models import Tool, ToolVersion


def put_on_the_shelf(**_: Any) -> None:
    """Publish each shipped tool's version that is not there yet; runs after every migration and changes nothing twice."""
    tables = connection.introspection.table_names()
    if ToolVersion._meta.db_table not in tables or Tool._meta.db_table not in tables:
        return
    with transaction.atomic():
        for document in (*earlier(), *documents(), *views()):
            where: dict[str, Any] = {"partnership": None, "code": document["code"]}
            tool, _made = Tool.objects.get_or_create(**where, defaults={"name": document["name"]})
            if not tool.versions.filter(number=document["number"]).exists():
                ToolVersion.objects.create(tool=tool, number=document["number"], document=document, published_at=now())
