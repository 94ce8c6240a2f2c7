from django.urls import path

from candour.notices import views

app_name = "notices"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path("messages/", views.outbox, name="outbox"),
    path("messages/<id:pk>/", views.show, name="show"),
    path("messages/<id:pk>/resend/", views.resend, name="resend"),
]
