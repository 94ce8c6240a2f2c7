from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "candour.impact"
    verbose_name = "Impact"

    def ready(self) -> None:
        from candour.impact import queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import register_due  # noqa: PLC0415 - needs the tables to be loaded

        register_due(queries.tasks)
