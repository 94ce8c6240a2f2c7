from django.urls import path

from candour.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.work, name="work"),
    path("executive/", views.executive, name="executive"),
    path("our-practice/", views.our_practice, name="our_practice"),
    path("our-practice/pdf/", views.practice_pdf, name="practice_pdf"),
    path("trail/", views.trail, name="trail"),
    path("trail/<id:pk>/export/", views.export, name="export"),
    path("trail/<id:pk>/checkpoints/", views.checkpoints, name="checkpoints"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("audits/<id:pk>/", views.audit, name="audit"),
]
