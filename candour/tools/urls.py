from django.urls import path

from candour.tools import views

app_name = "tools"
urlpatterns = [
    path("tools/", views.shelf, name="shelf"),
    path("tools/<id:pk>/", views.show, name="show"),
]
