from django.apps import AppConfig
from django.urls import register_converter

from candour.kernel.ids import IdConverter


class KernelConfig(AppConfig):
    name = "candour.kernel"

    def ready(self) -> None:
        register_converter(IdConverter, "id")
