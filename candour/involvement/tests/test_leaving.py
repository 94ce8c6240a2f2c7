"""What closes again: a case that was replaced, an asking that is over, an audit that is closed."""

from datetime import timedelta

import pytest

from candour.focus import actions as focus
from candour.identity import queries as files
from candour.identity.models import Opening
from candour.involvement import actions, queries
from candour.involvement.actions import Looked
from candour.involvement.models import Outcome
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import ServiceKind
from candour.people.tests.factories import AT, service, world
from candour.sampling.actions import replace_case

pytestmark = pytest.mark.django_db


def test_a_replaced_case_is_withdrawn_and_its_successor_goes_the_same_way():
    w = world()
    audit = stage.asked(w, 2)
    gone = queries.cases_of(audit).first()
    replace_case(case=gone, reason="moved", by=w.coordinator, at=LATER)
    assert not files.live_openings([gone.subject_id], w.gp, LATER).exists()
    assert queries.grid(audit, LATER.date()).asked == 6
    new = stage.case(w, audit, 3)
    later = AT + timedelta(days=20)
    subject = actions.begin_identities(case=new, by=w.coordinator, at=later)
    stage.identities.person(w, subject, nhs_number="", upn="", council_number="", born_on="2020-01-01")
    assert actions.start_screening(audit=audit, by=w.coordinator, at=later) == 1
    with pytest.raises(Refused, match="no case to ask about"):
        actions.ask_services(audit=audit, by=w.coordinator, at=later)
    for service_, contact in ((w.social_care, w.contact_sc), (w.police, w.contact_police)):
        looked = {new.pk: Looked(Outcome.CLEAR)}
        actions.screen(ask=ask_of(audit, service_), looked=looked, by=contact, at=later)
    assert actions.ask_services(audit=audit, by=w.coordinator, at=later) == 1
    assert queries.grid(audit, later.date()).asked == 12
    assert ask_of(audit, w.gp).due_on > later.date()
    assert Message.objects.filter(to_user=w.contact_gp, subject__contains="do you know").count() == 2


def test_what_was_opened_to_look_first_is_withdrawn_too():
    w = world()
    audit = stage.screening(w, 1)
    ask, subject = ask_of(audit, w.police), queries.cases_of(audit).get().subject
    assert files.live_openings([subject.pk], w.police, LATER).exists()
    actions.withdraw_ask(ask=ask, by=w.coordinator, at=AT)
    assert not files.live_openings([subject.pk], w.police, LATER).exists()
    assert files.live_openings([subject.pk], w.social_care, LATER).exists()


def test_a_closed_audit_opens_no_identity_again():
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.acute), queries.cases_of(audit).get()
    actions.withdraw_ask(ask=ask, by=w.coordinator, at=AT)
    type(audit).objects.filter(pk=audit.pk).update(state="closed", closed_at=LATER)
    nurse = service("Mere Community Trust", "School nursing", ServiceKind.HEALTH_VISITING, w.partnership)
    more = {"cases": [case], "mention": "Named by the school."}
    with pytest.raises(Refused, match="not under way"):
        actions.add_service(audit=audit, service=nurse, by=w.coordinator, at=LATER, **more)
    with pytest.raises(Refused, match="not under way"):
        actions.ask_again(ask=ask_of(audit, w.acute), by=w.coordinator, at=LATER)
    assert not files.live_openings([case.subject.pk], w.acute, LATER).exists()
    assert not files.live_openings([case.subject.pk], nurse, LATER).exists()


def test_no_file_opens_once_the_asking_is_closed():
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.police), queries.cases_of(audit).get()
    actions.close_asking(audit=audit, by=w.chair, at=LATER)
    assert not Opening.objects.live(LATER).exists()
    late = {"by": w.coordinator, "at": LATER}
    with pytest.raises(Refused, match="The discussion has been closed"):
        actions.add_service(audit=audit, service=w.school, cases=[case], mention="Named", **late)
    with pytest.raises(Refused, match="The discussion has been closed"):
        actions.ask_again(ask=ask, **late)
    with pytest.raises(Refused, match="You do not hold a role"):
        actions.close_asking(audit=audit, by=w.contact_police, at=LATER)
    assert not Opening.objects.live(LATER).exists()


def test_an_audit_closed_without_a_discussion_closes_its_files():
    w = world()
    audit = stage.asked(w, 1)
    assert Opening.objects.live(LATER).count() == 6
    focus.close_audit(audit=audit, by=w.coordinator, at=LATER)
    assert not Opening.objects.live(LATER).exists()
    focus.reopen_audit(audit=audit, by=w.coordinator, at=LATER)
    with pytest.raises(Refused, match="The discussion has been closed"):
        actions.start_screening(audit=audit, by=w.coordinator, at=LATER)
