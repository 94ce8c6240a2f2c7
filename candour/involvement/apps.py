from django.apps import AppConfig


class InvolvementConfig(AppConfig):
    name = "candour.involvement"
    verbose_name = "Involvement"

    def ready(self) -> None:
        from candour.focus.queries import register_closer  # noqa: PLC0415 - needs the tables to be loaded
        from candour.identity.homes import register_home  # noqa: PLC0415 - needs the tables to be loaded
        from candour.involvement import jobs, queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import (  # noqa: PLC0415 - needs the tables to be loaded
            register_due,
            register_often,
            register_way_in,
        )
        from candour.sampling.queries import register_case_links  # noqa: PLC0415 - needs the tables to be loaded

        register_closer(jobs.close_with_audit)
        register_home(queries.home_of)
        register_case_links(queries.case_links)
        register_due(queries.tasks)
        register_often(jobs.keep_deadlines)
        register_way_in(queries.way_in)
