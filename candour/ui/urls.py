from django.conf import settings
from django.urls import path

from candour.ui import views

app_name = "ui"
urlpatterns = [] if settings.PRODUCTION else [path("gallery/", views.gallery, name="gallery")]
