"""The fifth step: services meet and agree, child by child, what the case shows."""

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "candour.discussion"
    verbose_name = "Discussion"

    def ready(self) -> None:
        from candour.discussion import jobs, queries  # noqa: PLC0415 - tables are there only once apps are loaded
        from candour.focus.queries import register_closer  # noqa: PLC0415
        from candour.notices.registry import register_due  # noqa: PLC0415
        from candour.sampling.queries import register_case_links  # noqa: PLC0415

        register_closer(jobs.call_off)
        register_due(queries.tasks)
        register_case_links(queries.case_links)
