from django.urls import path

from candour.concerns import views

app_name = "concerns"
urlpatterns = [
    path("concerns/", views.known, name="known"),
    path("concerns/rule/<id:pk>/", views.rule, name="rule"),
    path("concerns/<id:pk>/", views.show, name="show"),
    path("concerns/<id:pk>/add/", views.add, name="add"),
    path("concerns/<id:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("concerns/<id:pk>/pass/", views.pass_on, name="pass_on"),
    path("concerns/<id:pk>/close/", views.close, name="close"),
    path("cases/<id:pk>/concern/", views.unsafe, name="unsafe"),
    path("cases/<id:pk>/concern/practice/", views.practice, name="practice"),
]
