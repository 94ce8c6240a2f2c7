"""Every concern's text moves from its case's key to a key of its own, so that it is kept by its own retention."""

from django.db import migrations

from candour.kernel import vault
from candour.kernel.models import Key, KeyKind

SEALED = {"Concern": ("text", "told_whom", "reference", "outcome", "closing_note"), "Entry": ("text",)}


def reseal(apps, schema_editor):
    for concern in apps.get_model("concerns", "Concern").objects.order_by("pk").iterator():
        if not Key.objects.filter(owner=concern.pk).exists():
            vault.make_key(concern.pk, KeyKind.OTHER, concern.raised_at)
    for name, fields in SEALED.items():
        for row in apps.get_model("concerns", name).objects.order_by("pk").iterator():
            for field in fields:
                setattr(row, field, getattr(row, field))
            row.save(update_fields=fields)


class Migration(migrations.Migration):
    dependencies = [("concerns", "0002_rising"), ("kernel", "0001_initial")]
    operations = [migrations.RunPython(reseal, migrations.RunPython.noop)]
