from django.urls import path

from candour.involvement import views

app_name = "involvement"
urlpatterns = [
    path("audits/<id:pk>/involvement/", views.grid, name="grid"),
    path("audits/<id:pk>/involvement/grid.xlsx", views.export_grid, name="export_grid"),
    path("audits/<id:pk>/involvement/cases/", views.prepare, name="prepare"),
    path("audits/<id:pk>/involvement/look/", views.start_screening, name="start_screening"),
    path("audits/<id:pk>/involvement/ask/", views.ask_services, name="ask_services"),
    path("audits/<id:pk>/involvement/remind/", views.remind, name="remind"),
    path("audits/<id:pk>/involvement/add/", views.add_service, name="add_service"),
    path("audits/<id:pk>/involvement/opened/", views.opened, name="opened"),
    path("cases/<id:pk>/identities/", views.begin_identities, name="begin_identities"),
    path("screenings/<id:pk>/keep/", views.keep, name="keep"),
    path("asks/<id:pk>/", views.answer, name="answer"),
    path("asks/<id:pk>/open/", views.open_answers, name="open"),
    path("asks/<id:pk>/list/", views.take_list, name="take_list"),
    path("asks/<id:pk>/rest/", views.rest, name="rest"),
    path("asks/<id:pk>/people/", views.people, name="people"),
    path("asks/<id:pk>/screening/", views.screen, name="screen"),
    path("asks/<id:pk>/screening/open/", views.open_screening, name="open_screening"),
    path("asks/<id:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("asks/<id:pk>/again/", views.ask_again, name="ask_again"),
    path("asks/<id:pk>/once/", views.once, name="once"),
    path("visits/<id:pk>/again/", views.call_again, name="call_again"),
    path("visits/<id:pk>/withdraw/", views.withdraw_visit, name="withdraw_visit"),
    path("once/<str:token>/", views.come_in, name="come_in"),
    path("once/<str:token>/code/", views.send_code, name="send_code"),
    path("answers/<id:pk>/", views.show, name="show"),
    path("answers/<id:pk>/return/", views.want_return, name="want_return"),
    path("answers/<id:pk>/identity/", views.open_case, name="open_case"),
]
