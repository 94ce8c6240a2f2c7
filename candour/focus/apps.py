"""The first step: what the partnership looks at, why, and by when."""

from django.apps import AppConfig


class FocusConfig(AppConfig):
    name = "candour.focus"
    verbose_name = "Focus"
