"""The second step: the list, the draw, the cases."""

from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "candour.sampling"
    verbose_name = "Sampling"

    def ready(self) -> None:
        from candour.notices.registry import register_daily, register_due  # noqa: PLC0415 - tables exist from here
        from candour.sampling import jobs, queries  # noqa: PLC0415

        register_due(queries.tasks)
        register_daily(jobs.purge_lists)
