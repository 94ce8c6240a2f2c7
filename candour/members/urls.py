from django.urls import path

from candour.members import views

app_name = "members"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/agencies/new/", views.new_agency, name="new_agency"),
    path("people/agencies/<id:pk>/", views.agency, name="agency"),
    path("people/agencies/<id:pk>/board/", views.board_member, name="board_member"),
    path("people/agencies/<id:pk>/end/", views.end_membership, name="end_membership"),
    path("people/roles/<id:pk>/withdraw/", views.withdraw_role, name="withdraw_role"),
    path("people/roles/<id:pk>/end/", views.end_role, name="end_role"),
    path("people/invitations/<id:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("people/<id:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("people/<id:pk>/away/", views.away_of, name="away_of"),
    path("people/<id:pk>/", views.person, name="person"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("visit/over/", views.visit_over, name="visit_over"),
    path("account/", views.account, name="account"),
    path("account/away/", views.away, name="away"),
    path("account/second-factor/", views.set_up_second_factor, name="second_factor"),
    path("account/kept/", views.kept_posts, name="kept"),
    path("account/kept/<id:pk>/forget/", views.forget_kept, name="forget_kept"),
    path("account/demonstration/", views.enter_demonstration, name="enter_demonstration"),
]
