from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "candour.retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from candour.identity.holds import register_holder  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import register_daily, register_due  # noqa: PLC0415 - needs the tables
        from candour.retention import jobs, queries  # noqa: PLC0415 - needs the tables to be loaded

        register_holder(queries.held)
        register_due(queries.tasks)
        register_daily(jobs.remove_due)
