"""Addresses of impact."""

from django.urls import path

from candour.impact import views

app_name = "impact"
urlpatterns = [
    path("audits/<id:pk>/impact/", views.show, name="show"),
    path("audits/<id:pk>/impact/ask/", views.ask, name="ask"),
    path("audits/<id:pk>/impact/sense-check/", views.plan, name="plan"),
    path("actions/", views.actions_page, name="actions"),
    path("actions/what-changed/", views.changed, name="changed"),
    path("actions/<id:pk>/", views.action, name="action"),
    path("actions/<id:pk>/set/", views.set_action, name="set_action"),
    path("actions/<id:pk>/drop/", views.drop, name="drop"),
    path("actions/<id:pk>/reopen/", views.reopen, name="reopen"),
    path("sense-checks/", views.checks, name="checks"),
    path("sense-checks/<id:pk>/", views.check, name="check"),
    path("sense-checks/<id:pk>/begin/", views.begin, name="begin"),
    path("sense-checks/<id:pk>/judge/", views.judge, name="judge"),
    path("sense-checks/<id:pk>/conclude/", views.conclude, name="conclude"),
]
