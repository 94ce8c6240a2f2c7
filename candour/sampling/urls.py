"""Addresses of the second step: /audits/…/sampling/, /audits/sampling/…, /cases/…."""

from django.urls import path

from candour.sampling import views

app_name = "sampling"
urlpatterns = [
    path("audits/<id:pk>/sampling/", views.show, name="show"),
    path("audits/<id:pk>/sampling/list/", views.give, name="give"),
    path("audits/<id:pk>/sampling/given/", views.give_cases, name="give_cases"),
    path("audits/<id:pk>/sampling/receipt/", views.receipt, name="receipt"),
    path("audits/sampling/lists/<id:pk>/", views.understood, name="understood"),
    path("audits/sampling/lists/<id:pk>/columns/", views.columns, name="columns"),
    path("audits/sampling/lists/<id:pk>/keep/", views.keep, name="keep"),
    path("audits/sampling/lists/<id:pk>/set-aside/", views.set_aside, name="set_aside"),
    path("audits/sampling/lists/<id:pk>/children/", views.children, name="children"),
    path("audits/sampling/lists/<id:pk>/leave-out/", views.leave_out, name="leave_out"),
    path("audits/sampling/lists/<id:pk>/take-back/", views.take_back, name="take_back"),
    path("audits/sampling/lists/<id:pk>/fix/", views.fix, name="fix"),
    path("audits/sampling/fixed/<id:pk>/", views.fixed, name="fixed"),
    path("audits/sampling/fixed/<id:pk>/confirm/", views.confirm, name="confirm"),
    path("audits/sampling/fixed/<id:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("audits/sampling/fixed/<id:pk>/draw/", views.draw_cases, name="draw"),
    path("audits/sampling/draws/<id:pk>/", views.drawn, name="drawn"),
    path("audits/sampling/draws/<id:pk>/void/", views.void, name="void"),
    path("cases/<id:pk>/", views.case, name="case"),
    path("cases/<id:pk>/replace/", views.replace, name="replace"),
    path("cases/<id:pk>/row/", views.row, name="row"),
]
