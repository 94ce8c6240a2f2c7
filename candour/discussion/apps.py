"""The fifth step: services meet and agree, child by child, what the case shows."""

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "candour.discussion"
    verbose_name = "Discussion"

    def ready(self) -> None:
        from candour.discussion import queries  # noqa: PLC0415 - tables are there only once apps are loaded
        from candour.notices.registry import register_due  # noqa: PLC0415
        from candour.sampling.queries import register_case_links  # noqa: PLC0415

        register_due(queries.tasks)
        register_case_links(queries.case_links)
