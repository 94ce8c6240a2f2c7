from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "candour.learning"
    verbose_name = "Learning"

    def ready(self) -> None:
        from candour.appraisal.queries import register_recommended  # noqa: PLC0415 - needs the tables to be loaded
        from candour.learning import queries  # noqa: PLC0415 - needs the tables to be loaded
        from candour.notices.registry import register_due  # noqa: PLC0415 - needs the tables to be loaded

        register_due(queries.tasks)
        register_recommended(queries.recommended)
