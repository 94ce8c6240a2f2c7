from django.urls import path

from candour.appraisal import views

app_name = "appraisal"
urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/closed-to-you/", views.closed, name="closed"),
    path("returns/offline/", views.offline, name="offline"),
    path("returns/offline.js", views.worker, name="worker"),
    path("returns/begin/<id:pk>/", views.begin, name="begin"),
    path("returns/<id:pk>/", views.show, name="show"),
    path("returns/<id:pk>/declare/", views.declare, name="declare"),
    path("returns/<id:pk>/section/<slug:slug>/", views.section, name="section"),
    path("returns/<id:pk>/before/", views.said_before, name="before"),
    path("returns/<id:pk>/others/", views.others, name="others"),
    path("returns/<id:pk>/waiting/", views.waiting, name="waiting"),
    path("returns/<id:pk>/answer/<slug:slug>/", views.history, name="history"),
    path("returns/<id:pk>/check/", views.check, name="check"),
    path("returns/<id:pk>/hand-over/", views.hand_over, name="hand-over"),
    path("returns/<id:pk>/take-back/", views.take_back, name="take-back"),
    path("returns/<id:pk>/submit-alone/", views.submit_alone, name="submit-alone"),
    path("returns/<id:pk>/authorise/", views.authorise, name="authorise"),
    path("returns/<id:pk>/send-back/", views.send_back, name="send-back"),
    path("returns/<id:pk>/submit/", views.submit, name="submit"),
    path("returns/<id:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("audits/<id:pk>/returns/", views.audit, name="audit"),
    path("audits/<id:pk>/late/", views.late, name="late"),
    path("audits/<id:pk>/late/pause/", views.pause, name="pause"),
    path("audits/<id:pk>/returns/release/", views.release, name="release"),
    path("audits/<id:pk>/returns/pack/", views.pack, name="pack"),
    path("audits/<id:pk>/returns/pack/<int:number>/", views.pack_case, name="pack-case"),
]
