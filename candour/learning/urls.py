"""Addresses of learning: an audit's themes and briefing, and the public library under /learning/."""

from django.urls import path

from candour.learning import views

app_name = "learning"
urlpatterns = [
    path("audits/<id:pk>/learning/", views.show, name="show"),
    path("audits/<id:pk>/learning/report/", views.report, name="report"),
    path("audits/<id:pk>/learning/themes/", views.board, name="board"),
    path("audits/<id:pk>/learning/themes/new/", views.new_theme, name="new_theme"),
    path("audits/<id:pk>/learning/pick/", views.pick, name="pick"),
    path("themes/<id:pk>/", views.theme, name="theme"),
    path("themes/<id:pk>/move/", views.move_theme, name="move_theme"),
    path("themes/<id:pk>/drop/", views.drop_theme, name="drop_theme"),
    path("themes/<id:pk>/note/", views.note_finding, name="note_finding"),
    path("findings/<id:pk>/", views.finding, name="finding"),
    path("findings/<id:pk>/drop/", views.drop_finding, name="drop_finding"),
    path("audits/<id:pk>/learning/recommendations/", views.recommendations, name="recommendations"),
    path("audits/<id:pk>/learning/recommendations/new/", views.new_recommendation, name="new_recommendation"),
    path("recommendations/<id:pk>/", views.recommendation, name="recommendation"),
    path("recommendations/<id:pk>/drop/", views.drop_recommendation, name="drop_recommendation"),
    path("audits/<id:pk>/learning/briefing/", views.start_briefing, name="start_briefing"),
    path("briefings/<id:pk>/", views.briefing, name="briefing"),
    path("briefings/<id:pk>/edit/", views.edit, name="edit"),
    path("briefings/<id:pk>/pdf/", views.draft_pdf, name="draft_pdf"),
    path("briefings/<id:pk>/check/", views.check, name="check"),
    path("briefings/<id:pk>/check/settle/", views.settle, name="settle"),
    path("briefings/<id:pk>/ask/", views.ask, name="ask"),
    path("briefings/<id:pk>/take-back/", views.take_back, name="take_back"),
    path("briefings/<id:pk>/clearance/", views.clearance, name="clearance"),
    path("briefings/<id:pk>/send-back/", views.send_back, name="send_back"),
    path("briefings/<id:pk>/publish/", views.publish, name="publish"),
    path("briefings/<id:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("briefings/<id:pk>/rewrite/", views.rewrite, name="rewrite"),
    path("learning/", views.library, name="library"),
    path("learning/feed/", views.feed, name="feed"),
    path("learning/<slug:slug>/", views.published, name="published"),
    path("learning/<slug:slug>/briefing.pdf", views.published_pdf, name="published_pdf"),
]
