from django.urls import path

from candour.retention import views

app_name = "retention"
urlpatterns = [
    path("retention/", views.kept, name="kept"),
    path("retention/<id:pk>/", views.show, name="show"),
    path("retention/<id:pk>/periods/", views.periods, name="periods"),
    path("retention/<id:pk>/hold/", views.hold, name="hold"),
    path("retention/holds/<id:pk>/lift/", views.lift, name="lift"),
]
