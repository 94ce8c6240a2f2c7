from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "candour.access"

    def ready(self) -> None:
        from candour.access import checks  # noqa: F401, PLC0415 - registers itself once apps are loaded
