from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ToolsConfig(AppConfig):
    name = "candour.tools"

    def ready(self) -> None:
        from candour.tools.shipped import put_on_the_shelf  # noqa: PLC0415 - needs the models, once loaded

        post_migrate.connect(put_on_the_shelf, sender=self)
