from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NoticesConfig(AppConfig):
    name = "candour.notices"

    def ready(self) -> None:
        from candour.notices import checkpoints, jobs, registry  # noqa: PLC0415 - the tables exist only from here

        registry.register_often(jobs.read_delivery_notices)
        registry.register_daily(jobs.forget_old_messages)
        registry.register_daily(checkpoints.send_daily)
        post_migrate.connect(registry.make_schedules, sender=self)
