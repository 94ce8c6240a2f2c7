"""A service's own page over all its returns, and the paper for its board."""

import io

import pikepdf
import pytest
from django.test import Client

from candour.appraisal.models import Point
from candour.appraisal.tests import factories as make
from candour.learning.models import Recommendation
from candour.overview import practice
from candour.people.models import Service, ServiceKind
from candour.people.tests.factories import AT, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
KEPT = ("recognition-good",)


@pytest.fixture
def w():
    return world()


def page(person, url="/our-practice/"):
    return sign_in(Client(), person).get(url)


def acted(w, audit, agency):
    row = {"partnership": w.partnership, "audit": audit, "position": 1, "made_at": AT}
    recommendation = Recommendation.objects.create(**row, text="Draw every mark on a body map.")
    home = {"partnership": w.partnership, "recommendation": recommendation, "agency": agency}
    return recommendation.actions.create(**home, due_on=AT.date(), made_at=AT)


@pytest.mark.parametrize("cases", [1, 3])
def test_a_service_sees_its_own_grades_words_and_actions(w, cases, django_assert_num_queries):
    audit = make.audit(w, cases)
    for number in range(1, cases + 1):
        make.submitted(w, audit, w.health_visiting, number, said="She drew the family’s week.", private=KEPT)
    make.submitted(w, audit, w.police, said=make.CANARY)
    acted(w, audit, w.health_visiting.agency)
    acted(w, audit, w.police.agency)
    client = sign_in(Client(), w.contact_hv)
    client.get("/our-practice/")
    with django_assert_num_queries(12):
        text = client.get("/our-practice/").content.decode()
    assert f"{cases} Good" in text
    assert f"From {cases} return{'' if cases == 1 else 's'} in 1 audit. That is few" in text
    assert text.count("<rect ") == cases * len(practice.of(w.contact_hv).lines)
    assert "She drew the family’s week." in text
    assert text.count("Draw every mark on a body map.") == 1
    assert make.CANARY not in text


def test_what_several_returns_say_stands_once_with_every_case_that_says_it(w):
    audit = make.audit(w, 3)
    for number, line in enumerate(("Father traced and met.", "father traced  and met.", "Seen alone."), 1):
        ret = make.submitted(w, audit, w.health_visiting, number)
        home = {"partnership": w.partnership, "case": ret.case, "section": "voice", "domain": "voice"}
        Point.objects.create(
            ret=ret, kind="good", text=line, private=number == 2, position=9, service=ret.service, **home
        )
    praised = {one.text: [str(point.case) for point in one.points] for one in practice.of(w.contact_hv).said[0][1]}
    assert praised["Father traced and met."] == ["Case 1", "Case 2"]
    assert praised["Seen alone."] == ["Case 3"]
    text = page(w.contact_hv).content.decode()
    assert text.lower().count("father traced") == 1
    assert text.count("only for the coordinator and the chair") == 1


def test_another_service_s_page_does_not_exist(w):
    assert page(w.contact_hv, f"/our-practice/?service={w.police.pk}").status_code == 404
    assert page(w.auditor_hv).status_code == 403
    assert page(w.coordinator).status_code == 403


def test_who_answers_for_two_services_chooses(w):
    second = Service.objects.create(agency=w.health_visiting.agency, name="School nursing", kind=ServiceKind.SCHOOL)
    text = page(w.contact_hv, f"/our-practice/?service={second.pk}").content.decode()
    assert "No return of your service is in yet" in text
    assert "Health visiting</a>" in text
    client = sign_in(Client(), w.contact_hv)
    refused = client.post("/our-practice/pdf/", {"service": second.pk}, follow=True).content.decode()
    assert "No return of this service is in yet" in refused


def test_the_board_has_a_tagged_pdf_without_what_was_kept_close(w):
    audit = make.audit(w)
    make.submitted(w, audit, w.health_visiting, said="She drew the family’s week.", private=KEPT)
    acted(w, audit, w.health_visiting.agency)
    client = sign_in(Client(), w.contact_hv)
    response = client.post("/our-practice/pdf/", {"service": w.health_visiting.pk})
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    assert Entry.objects.filter(verb="take the service's overview").count() == 1


def test_a_picture_says_each_grade_in_letters():
    lines = [practice.Line("Recognition", (practice.Cell(("good", "inadequate", "not-enough")), practice.Cell(())))]
    drawn = practice.drawing(lines, ["2025-01", "<2026>"])
    assert drawn.count("<rect ") == 3
    assert ">G</text>" in drawn
    assert ">I</text>" in drawn
    assert "&lt;2026&gt;" in drawn
    assert lines[0].cells[0].words == "1 Good, 1 Inadequate, 1 Not enough involvement to grade"
