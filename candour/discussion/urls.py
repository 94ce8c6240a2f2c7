"""Addresses of the discussion."""

from django.urls import path

from candour.discussion import views

app_name = "discussion"
urlpatterns = [
    path("audits/<id:pk>/discussion/", views.show, name="show"),
    path("audits/<id:pk>/discussion/arrange/", views.arrange, name="arrange"),
    path("audits/<id:pk>/discussion/calibration/", views.calibration, name="calibration"),
    path("discussions/<id:pk>/attendance/", views.attendance, name="attendance"),
    path("discussions/<id:pk>/open/", views.begin, name="begin"),
    path("discussions/<id:pk>/close/", views.close, name="close"),
    path("discussions/<id:pk>/open-again/", views.reopen, name="reopen"),
    path("cases/<id:pk>/discussion/", views.board, name="board"),
    path("cases/<id:pk>/discussion/on/<slug:domain>/", views.board, name="domain"),
    path("cases/<id:pk>/discussion/present/", views.present, name="present"),
    path("cases/<id:pk>/discussion/story/", views.story, name="story"),
    path("cases/<id:pk>/discussion/accept/", views.accept, name="accept"),
    path("cases/<id:pk>/discussion/catch/", views.catch, name="catch"),
    path("cases/<id:pk>/discussion/drop/", views.drop, name="drop"),
    path("cases/<id:pk>/discussion/agree/", views.agree, name="agree"),
    path("cases/<id:pk>/discussion/open-again/", views.reopen_case, name="reopen_case"),
]
