from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "candour.families"
    verbose_name = "Families"

    def ready(self) -> None:
        from candour.families import queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import register_due  # noqa: PLC0415 - needs the tables to be loaded
        from candour.sampling.queries import register_case_links  # noqa: PLC0415 - needs the tables to be loaded

        register_due(queries.tasks)
        register_case_links(queries.case_links)
