from django.urls import path

from candour.families import views

app_name = "families"
urlpatterns = [
    path("audits/<id:pk>/families/", views.audit, name="audit"),
    path("cases/<id:pk>/family/", views.show, name="show"),
    path("cases/<id:pk>/family/decision/", views.decide, name="decide"),
    path("cases/<id:pk>/family/views/new/", views.write, name="write"),
    path("cases/<id:pk>/family/link/", views.hand_link, name="hand_link"),
    path("family-links/<id:pk>/take-back/", views.end_link, name="end_link"),
    path("questions/thanks/", views.thanks, name="thanks"),
    path("questions/<str:token>/", views.questions, name="questions"),
    path("family-views/<id:pk>/", views.told, name="told"),
    path("family-views/<id:pk>/quote/", views.quote, name="quote"),
    path("family-views/<id:pk>/take-back/", views.take_back, name="take_back"),
]
