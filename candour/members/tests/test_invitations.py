"""An invitation is taken up once, by whoever reads the mail, and tells nobody who else is known."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from candour.kernel.errors import Refused
from candour.members import actions
from candour.members.models import Invitation
from candour.notices.models import Message
from candour.people.models import Grant, Role, User
from candour.people.tests import factories
from candour.people.tests.factories import AT
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "purple bicycle harbour"


@pytest.fixture
def w():
    with time_machine.travel(AT, tick=False):
        yield factories.world()


def invite(w: Any, email: str = "new@example.org", role: str = Role.CHAIR, by: User | None = None, **more: Any) -> str:
    """Invite somebody; gives the path of the link in the mail."""
    actions.invite(
        partnership=w.partnership, email=email, name="Nell Ashby", role=role, by=by or w.coordinator, at=AT, **more
    )
    return re.search(r"/invitation/\S+", Message.objects.latest("queued_at", "id").body)[0]


def test_the_link_opens_a_page_and_only_a_post_takes_it_up(w, client: Client) -> None:
    link = invite(w)
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "Northmere Safeguarding Children Partnership" in page.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()
    response = client.post(link, {"name": "Nell Ashby", "password": PASSWORD})
    assert response.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert person.password.startswith("argon2")
    grant = person.grants.get()
    assert (grant.role, grant.partnership, grant.given_by) == (Role.CHAIR, w.partnership, w.coordinator)
    assert client.get("/").headers["Location"] == "/account/second-factor/"
    assert Client().get(link).status_code == 404
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"person invited", "account made", "invitation accepted", "role given", "signed in"} <= verbs


def test_the_database_does_not_hold_the_link(w) -> None:
    token = invite(w).split("/")[2]
    assert not Invitation.objects.filter(token_hash=token).exists()
    assert Message.objects.get().private


def test_a_weak_password_is_refused(w, client: Client) -> None:
    page = client.post(invite(w), {"name": "Nell", "password": "password1234"}).content.decode()
    assert "too common" in page
    assert not User.objects.filter(email="new@example.org").exists()


def test_somebody_known_elsewhere_is_invited_in_the_same_words(w, client: Client) -> None:
    other = factories.other_world()
    known, new = invite(w, other.auditor_police.email), invite(w, "new@example.org")

    def words(text: str) -> str:
        text = re.sub(r"/invitation/[\w-]+/", "LINK", text.replace(other.auditor_police.email, "ADDRESS"))
        return re.sub(
            r'value="\w{64}"', "", text.replace("new@example.org", "ADDRESS").replace("%2Finvitation", "/invitation")
        )

    assert words(client.get(known).content.decode()) == words(client.get(new).content.decode())
    assert len({words(body) for body in Message.objects.values_list("body", flat=True)}) == 1
    factories.sign_in(client, w.coordinator)
    page = client.get("/people/").content.decode()
    assert other.auditor_police.name not in page
    assert page.count("Nell Ashby") == 2


def test_somebody_known_signs_in_and_accepts(w, client: Client) -> None:
    other = factories.other_world()
    person = other.auditor_police
    link = invite(w, person.email)
    page = client.post(link, {"name": "Nell", "password": PASSWORD}).content.decode()
    assert "Sign in to accept" in page
    factories.sign_in(client, person)
    assert client.post(link).headers["Location"] == "/"
    assert set(person.grants.values_list("role", flat=True)) == {Role.AUDITOR, Role.CHAIR}


def test_it_is_not_for_somebody_else(w, client: Client) -> None:
    link = invite(w)
    factories.sign_in(client, w.scrutineer)
    assert "sent to another address" in client.get(link).content.decode()
    client.post(link)
    assert Invitation.objects.get().accepted_at is None


def test_a_session_without_its_second_step_accepts_nothing(w, client: Client) -> None:
    link = invite(w, w.chair.email, role=Role.SCRUTINEER)
    client.force_login(w.chair)
    assert client.post(link).headers["Location"] == "/account/second-factor/"
    assert Invitation.objects.get().accepted_at is None


def test_it_runs_out_and_can_be_taken_back(w, client: Client) -> None:
    link = invite(w)
    with time_machine.travel(AT + timedelta(days=15)):
        assert client.get(link).status_code == 404
    factories.sign_in(client, w.coordinator)
    client.post(f"/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client().get(link).status_code == 404
    with pytest.raises(Refused):
        actions.withdraw_invitation(invitation=Invitation.objects.get(), by=w.coordinator, at=AT)
    assert client.get("/invitation/nonsense/").status_code == 404


def test_a_contact_invites_auditors_and_authorisers_of_the_own_agency_only(w) -> None:
    police, hospital = w.police.agency, w.acute.agency
    invite(w, role=Role.AUDITOR, by=w.contact_police, agency=police)
    invite(w, role=Role.AUTHORISER, by=w.contact_police, service=w.police)
    for role, agency in [(Role.AUDITOR, hospital), (Role.CONTACT, police), (Role.COORDINATOR, None)]:
        with pytest.raises(Refused):
            invite(w, role=role, by=w.contact_police, agency=agency)
    with pytest.raises(Refused):
        invite(w, by=w.auditor_police)


def test_a_coordinator_invites_into_the_own_partnership_only(w) -> None:
    other = factories.other_world()
    with pytest.raises(Refused):
        invite(w, role=Role.AUDITOR, agency=other.police.agency)
    with pytest.raises(Refused):
        invite(w, by=other.coordinator)
    with pytest.raises(Refused):
        invite(w, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1))


def test_nobody_is_invited_to_what_they_hold_here(w) -> None:
    with pytest.raises(Refused, match="already"):
        invite(w, w.chair.email.upper())
    invite(w, w.chair.email, role=Role.SCRUTINEER)
    invite(w, w.auditor_police.email, role=Role.AUDITOR, agency=w.acute.agency)


def test_the_page_invites(w, client: Client) -> None:
    factories.sign_in(client, w.coordinator)
    fields = {"name": "Nell Ashby", "email": "Nell@Example.org", "role": "auditor", "place": w.police.pk}
    assert "Choose the agency" in client.post("/people/invite/", {**fields, "place": ""}).content.decode()
    assert client.post("/people/invite/", fields).status_code == 302
    given = Invitation.objects.get()
    assert (given.email, given.agency, given.service) == ("nell@example.org", w.police.agency, w.police)


def test_a_contacts_page_offers_two_roles_and_one_agency(w, client: Client) -> None:
    factories.sign_in(client, w.contact_police)
    page = client.get("/people/invite/").content.decode()
    assert "Authoriser" in page
    assert "Independent scrutineer" not in page
    assert w.acute.agency.name not in page
    assert Grant.objects.filter(role=Role.COORDINATOR).count() == 1
