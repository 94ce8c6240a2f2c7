from django.urls import path

from candour.identity import views

app_name = "identity"
urlpatterns = [
    path("people/seen-by-services/<id:pk>/", views.bounds, name="bounds"),
    path("people/seen-by-services/<id:pk>/<slug:kind>/", views.set_bounds, name="set_bounds"),
    path("subjects/<id:pk>/", views.show, name="show"),
    path("subjects/<id:pk>/open/", views.open_subject, name="open"),
    path("subjects/<id:pk>/persons/new/", views.add, name="add"),
    path("subjects/<id:pk>/erase/", views.erase, name="erase"),
    path("subjects/<id:pk>/scrutiny/", views.scrutiny, name="scrutiny"),
    path("persons/<id:pk>/", views.save, name="save"),
    path("persons/<id:pk>/correct/", views.correct, name="correct"),
]
