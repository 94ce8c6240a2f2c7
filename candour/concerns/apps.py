from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "candour.concerns"
    verbose_name = "Concerns"

    def ready(self) -> None:
        from candour.concerns import jobs, queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import register_due, register_often  # noqa: PLC0415 - needs the tables to be loaded
        from candour.sampling.queries import register_case_links  # noqa: PLC0415 - needs the tables to be loaded

        register_due(queries.tasks)
        register_often(jobs.rise_overdue)
        register_often(jobs.give_back)
        register_case_links(queries.case_links)
