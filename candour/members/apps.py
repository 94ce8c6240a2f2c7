from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "candour.members"

    def ready(self) -> None:
        # What follows needs loaded apps: it listens to allauth and adds checks and daily work.
        from candour.members import checks, jobs, listening  # noqa: F401, PLC0415
        from candour.notices.registry import register_daily  # noqa: PLC0415

        register_daily(jobs.forget_kept_posts)
        register_daily(jobs.forget_absences)
        register_daily(jobs.end_leavers_sessions)
