"""Until the release nobody in a service can tell whether, how far or how well another has answered."""

from datetime import UTC, datetime
from itertools import zip_longest

import pytest
import time_machine
from django.test import Client

from candour.appraisal import actions, queries
from candour.appraisal.models import Point
from candour.appraisal.tests import factories as make
from candour.involvement.models import Ask, AskedCase
from candour.notices.models import Message
from candour.people.tests.factories import sign_in, world
from tests.support.crawl import walk

pytestmark = pytest.mark.django_db
EXPORTS = ("copy.pdf", "copy.docx", "celebrate/", "word/", "submitted/1/", "check/", "answer/context-work/")


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    """An audit of one case about which the police and health visiting were asked; the police have returned."""
    audit = make.audit(w)
    for service in (w.police, w.health_visiting, w.acute):
        home = {"partnership": w.partnership}
        ask = Ask.objects.create(**home, audit=audit, service=service, due_on=make.AT.date(), asked_at=make.AT)
        AskedCase.objects.create(**home, ask=ask, case=audit.cases.get(), asked_at=make.AT)
    make.submitted(w, audit, w.police, said="Seen by officers.")
    return audit


def offered(people):
    """Every page that is offered to each of these people."""
    return {person.name: walk(sign_in(Client(), person)).pages for person in people}


def differing(before, after):
    """Which lines of which page differ, for whom."""
    return [
        (name, url, *lines)
        for name, pages in after.items()
        for url in sorted(pages.keys() | before[name].keys())
        for lines in zip_longest(pages.get(url, b"").splitlines(), before[name].get(url, b"").splitlines())
        if lines[0] != lines[1]
    ]


@time_machine.travel(datetime.now(UTC), tick=False)
def test_no_page_of_a_service_changes_with_what_others_do(w, on):
    police = (w.contact_police, w.auditor_police, w.authoriser_police)
    acute, visiting = make.known(w, on, w.acute), make.known(w, on, w.health_visiting)
    before = offered(police)
    told = Message.objects.filter(to_user__in=police).count()
    assert all(len(pages) > 10 for pages in before.values())
    for answer in (acute, visiting):
        said = {"worked_with": False, "manages_worker": False, "brief": False}
        ret = actions.begin(involvement=answer, by=answer.auditor, at=make.AT, **said)
        make.answer(ret, said=make.CANARY)
    actions.hand_over(ret=ret, by=w.auditor_hv, at=make.AT)
    make.declared(ret, w.authoriser_hv)
    actions.send_back(ret=ret, note="Look again.", by=w.authoriser_hv, at=make.AT)
    actions.hand_over(ret=make.fresh(ret), by=w.auditor_hv, at=make.AT)
    actions.submit(ret=make.fresh(ret), by=w.authoriser_hv, at=make.AT)
    point = Point.objects.filter(ret=ret, kind="good").first()
    actions.celebrate(ret=make.fresh(ret), pk=point.pk, by=w.auditor_hv, at=make.AT)
    assert differing(before, offered(police)) == []
    assert Message.objects.filter(to_user__in=police).count() == told


def test_no_export_opens_to_another_service_nor_to_those_who_lead(w, on):
    ret = make.submitted(w, on, w.health_visiting, said=make.CANARY)
    for person in (w.contact_police, w.auditor_police, w.chair, w.scrutineer, w.executive, w.second):
        client = sign_in(Client(), person)
        for name in EXPORTS:
            url = f"/returns/{ret.pk}/{name}"
            assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}, (person.name, name)


def test_no_search_and_no_filter_finds_a_word_of_it(w, on):
    make.submitted(w, on, w.health_visiting, said=make.CANARY)
    words = make.CANARY.split()[0]
    for person in (w.auditor_police, w.chair, w.scrutineer, w.executive, w.coordinator):
        client = sign_in(Client(), person)
        for url in (
            f"/audits/{on.pk}/learning/",
            f"/audits/{on.pk}/learning/?words={words}",
            f"/?q={words}",
            "/learning/",
        ):
            page = client.get(url).content.decode()
            assert make.CANARY not in page, (person.name, url)


def test_no_message_holds_a_word_of_a_return(w, on):
    ret = make.handed_over(w, on, w.health_visiting, said=make.CANARY)
    actions.send_back(ret=ret, note=make.CANARY, by=w.authoriser_hv, at=make.AT)
    actions.hand_over(ret=make.fresh(ret), by=w.auditor_hv, at=make.AT)
    actions.submit(ret=make.fresh(ret), by=w.authoriser_hv, at=make.AT)
    actions.release(audit=on, by=w.coordinator, at=make.AT)
    assert Message.objects.count() > 3
    for message in Message.objects.all():
        assert make.CANARY not in f"{message.subject} {message.body}"
    assert queries.release_of(on)
