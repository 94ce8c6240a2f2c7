from django.urls import path

from candour.tools import views

app_name = "tools"
urlpatterns = [
    path("tools/", views.shelf, name="shelf"),
    path("tools/bring-in/", views.bring_in, name="bring_in"),
    path("tools/<id:pk>/", views.show, name="show"),
    path("tools/<id:pk>/export/", views.export, name="export"),
    path("tools/<id:pk>/compare/", views.compare, name="compare"),
    path("tools/<id:pk>/try/", views.try_out, name="try_out"),
    path("tools/<id:pk>/copy/", views.copy, name="copy"),
    path("tools/<id:pk>/next/", views.next_version, name="next_version"),
    path("tools/<id:pk>/edit/", views.edit, name="edit"),
    path("tools/<id:pk>/edit/title/", views.head, name="head"),
    path("tools/<id:pk>/edit/section/", views.section, name="new_section"),
    path("tools/<id:pk>/edit/section/<slug:key>/", views.section, name="section"),
    path("tools/<id:pk>/edit/question/", views.question, name="new_question"),
    path("tools/<id:pk>/edit/question/<slug:key>/", views.question, name="question"),
    path("tools/<id:pk>/edit/question/<slug:key>/again/", views.restore, name="restore"),
    path("tools/<id:pk>/edit/<slug:what>/<slug:key>/when/", views.when, name="when"),
    path("tools/<id:pk>/edit/<slug:what>/<slug:key>/remove/", views.remove, name="remove"),
    path("tools/<id:pk>/edit/kind/<slug:kind>/", views.kind, name="kind"),
    path("tools/<id:pk>/edit/move/", views.move, name="move"),
    path("tools/<id:pk>/publish/", views.publish, name="publish"),
    path("tools/<id:pk>/throw-away/", views.throw_away, name="throw_away"),
]
