"""The first step: what the partnership looks at, why, and by when."""

from django.apps import AppConfig


class FocusConfig(AppConfig):
    name = "candour.focus"
    verbose_name = "Focus"

    def ready(self) -> None:
        from candour.focus import queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import register_due, register_rhythms  # noqa: PLC0415

        register_due(queries.tasks)
        register_rhythms(queries.rhythms)
