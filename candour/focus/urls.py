"""Addresses of the first step, under /audits/."""

from django.urls import path

from candour.focus import views

app_name = "focus"
urlpatterns = [
    path("audits/", views.audits, name="audits"),
    path("audits/programme/", views.programme, name="programme"),
    path("audits/new/", views.start, name="start"),
    path("audits/school-holidays/<id:pk>/", views.holidays, name="holidays"),
    path("audits/school-holidays/<id:pk>/drop/", views.drop_holiday, name="drop_holiday"),
    path("audits/<id:pk>/focus/", views.show, name="show"),
    path("audits/<id:pk>/focus/question/", views.question, name="question"),
    path("audits/<id:pk>/focus/sources/", views.sources, name="sources"),
    path("audits/<id:pk>/focus/services/", views.services, name="services"),
    path("audits/<id:pk>/focus/tool/", views.tool, name="tool"),
    path("audits/<id:pk>/focus/timetable/", views.timetable, name="timetable"),
    path("audits/<id:pk>/focus/timetable/propose/", views.propose, name="propose"),
    path("audits/<id:pk>/focus/reminders/", views.reminders, name="reminders"),
    path("audits/<id:pk>/focus/decide/", views.decide, name="decide"),
    path("audits/<id:pk>/focus/close/", views.close, name="close"),
    path("audits/<id:pk>/focus/reopen/", views.reopen, name="reopen"),
]
