"""Addresses of the second step: an audit's under /audits/…/sampling/, a thing's own under its name (/lists/…)."""

from django.urls import path

from candour.sampling import views

app_name = "sampling"
urlpatterns = [
    path("audits/<id:pk>/sampling/", views.show, name="show"),
    path("audits/<id:pk>/sampling/list/", views.give, name="give"),
    path("audits/<id:pk>/sampling/given/", views.give_cases, name="give_cases"),
    path("audits/<id:pk>/sampling/receipt/", views.receipt, name="receipt"),
    path("lists/<id:pk>/", views.understood, name="understood"),
    path("lists/<id:pk>/columns/", views.columns, name="columns"),
    path("lists/<id:pk>/keep/", views.keep, name="keep"),
    path("lists/<id:pk>/set-aside/", views.set_aside, name="set_aside"),
    path("audits/<id:pk>/sampling/choose/", views.choose, name="choose"),
    path("areas/<id:pk>/", views.areas, name="areas"),
    path("areas/<id:pk>/new/", views.area, name="new_area"),
    path("areas/<id:pk>/<slug:code>/", views.area, name="area"),
    path("lists/<id:pk>/counts/", views.counts, name="counts"),
    path("lists/<id:pk>/figures/<slug:attribute>/", views.figures, name="figures"),
    path("lists/<id:pk>/second/", views.second, name="second"),
    path("lists/<id:pk>/matching/", views.matching, name="matching"),
    path("lists/<id:pk>/matching/pairs/", views.pairs, name="pairs"),
    path("lists/<id:pk>/matching/sure/", views.confirm_sure, name="confirm_sure"),
    path("lists/<id:pk>/matching/decide/", views.decide, name="decide"),
    path("lists/<id:pk>/children/", views.children, name="children"),
    path("lists/<id:pk>/leave-out/", views.leave_out, name="leave_out"),
    path("lists/<id:pk>/take-back/", views.take_back, name="take_back"),
    path("lists/<id:pk>/fix/", views.fix, name="fix"),
    path("fixed-lists/<id:pk>/", views.fixed, name="fixed"),
    path("fixed-lists/<id:pk>/confirm/", views.confirm, name="confirm"),
    path("fixed-lists/<id:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("fixed-lists/<id:pk>/draw/", views.draw_cases, name="draw"),
    path("throws/<id:pk>/", views.throw, name="throw"),
    path("draws/<id:pk>/", views.drawn, name="drawn"),
    path("draws/<id:pk>/present/", views.present, name="present"),
    path("draws/<id:pk>/void/", views.void, name="void"),
    path("audits/<id:pk>/sampling/identities/", views.identities, name="identities"),
    path("audits/<id:pk>/sampling/identities/form/", views.identity_form, name="identity_form"),
    path("identity-sheets/<id:pk>/", views.identity_sheet, name="identity_sheet"),
    path("identity-sheets/<id:pk>/keep/", views.keep_identities, name="keep_identities"),
    path("identity-sheets/<id:pk>/let-go/", views.drop_identities, name="drop_identities"),
    path("verify/", views.verify, name="verify"),
    path("cases/<id:pk>/", views.case, name="case"),
    path("cases/<id:pk>/replace/", views.replace, name="replace"),
    path("cases/<id:pk>/row/", views.row, name="row"),
]
