from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "candour.identity"
    label = "identity"
    verbose_name = "Identities"
