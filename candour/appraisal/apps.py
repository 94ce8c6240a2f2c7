from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "candour.appraisal"

    def ready(self) -> None:
        from candour.appraisal import jobs, queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.involvement.queries import (  # noqa: PLC0415 - needs the tables to be loaded
            register_bars,
            register_return_page,
            register_returns,
        )
        from candour.notices.registry import (  # noqa: PLC0415 - needs the tables to be loaded
            register_due,
            register_often,
            register_round,
        )
        from candour.tools.queries import register_measured  # noqa: PLC0415 - needs the tables to be loaded

        register_due(queries.tasks)
        register_often(jobs.keep_deadlines)
        register_round(jobs.escalate)
        register_bars(queries.bars)
        register_return_page(queries.page_to_begin)
        register_returns(queries.standings)
        register_measured(queries.measured_for)
