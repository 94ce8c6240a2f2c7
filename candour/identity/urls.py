from django.urls import path

from candour.identity import views

app_name = "identity"
urlpatterns = [
    path("subjects/<id:pk>/", views.show, name="show"),
    path("subjects/<id:pk>/open/", views.open_subject, name="open"),
    path("subjects/<id:pk>/persons/new/", views.add, name="add"),
    path("subjects/<id:pk>/erase/", views.erase, name="erase"),
    path("subjects/<id:pk>/scrutiny/", views.scrutiny, name="scrutiny"),
    path("persons/<id:pk>/", views.save, name="save"),
    path("persons/<id:pk>/correct/", views.correct, name="correct"),
]
