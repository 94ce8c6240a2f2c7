"""One whole audit in the browser: from a council's list to a published briefing, by all who take part in it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from candour.appraisal.models import Return
from candour.focus.models import Audit
from candour.involvement.models import Ask, Involvement
from candour.kernel.clock import today
from candour.learning.models import Briefing, Publication
from candour.people.tests.factories import world
from candour.sampling.models import Case
from candour.tools.shipped import put_on_the_shelf
from tests.journeys.driver import Person

SHARED = Path(os.environ.get("CANDOUR_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
LIST = SHARED / "liia-annex-a-2024" / "Annex_A_2024_Jan.xlsx"
DICE = "0463851290773402158604638512907734021586"
SERVICES = {"social_care": "sc", "police": "police", "health_visiting": "hv"}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not LIST.exists(), reason="The sample workbook of Annex A is not here."),
]


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


def plan(person: Person, w) -> Audit:
    """The coordinator plans an audit, and the quality group decides on it."""
    day = today()
    person.is_(w.coordinator).follows("Audits", exact=True).presses("Start an audit")
    person.writes(
        code="2026-03",
        title="How well do we respond to physical abuse?",
        summary="A national review asked every area to look.",
        who="Children under ten with an injury at contact",
        inclusion_rule="An injury was the reason for contact.",
        lines="Was history read?\nWas the child seen?",
    )
    person.dates(review_from=day - timedelta(days=200), review_to=day - timedelta(days=20), starts_on=day)
    person.chooses(pace="ordinary", cases_from="drawn").presses("Start")
    audit = Audit.objects.get()
    focus = f"/audits/{audit.pk}/focus/"
    person.goes(focus + "sources/").writes(**{"practice-review": "National review on bruising."}).presses("Save")
    person.goes(focus + "services/")
    for name in SERVICES:
        person.chooses(services=w.services[name].pk)
    person.presses("Save")
    person.goes(focus + "tool/").chooses(graded="yes")
    person.page.locator("input[name=tool]").first.check(force=True)
    person.presses("Save")
    person.goes(focus + "timetable/").presses("Save")
    person.goes(focus + "decide/").writes(decided_by="Quality group").dates(decided_on=day)
    person.submits()
    audit.refresh_from_db()
    assert audit.state == "under-way"
    return audit


def sample(person: Person, w, audit: Audit) -> list[Case]:
    """A list, the counts, how many; a second person confirms; dice; two cases."""
    person.goes(f"/audits/{audit.pk}/sampling/list/")
    person.page.set_input_files("input[type=file]", LIST)
    person.submits().sees("59").presses("Keep this list").goes_on_to("Who may be drawn")
    person.presses("Save and go on")
    person.writes(places="2", thrown_by="The school's safeguarding lead", thrown_when="At once, in the room")
    person.chooses(source="dice").presses("Fix the list").sees("a second person confirms")
    fixed = person.page.url.removeprefix(person.address)
    person.is_(w.second).goes(fixed).presses("Confirm the fixed list")
    person.is_(w.coordinator).goes(fixed).presses("Draw the cases").writes(number=DICE).presses("Draw")
    person.sees("In the order drawn", "Take the receipt")
    cases = list(Case.objects.active().filter(audit=audit).order_by("number"))
    assert [case.number for case in cases] == [1, 2]
    return cases


def involve(person: Person, w, audit: Audit, cases: list[Case]) -> None:
    """Identities, screening, the ask, the answers, and who writes the returns."""
    for number, case in enumerate(cases):
        identify(person, audit, case, number)
    prepare = f"/audits/{audit.pk}/involvement/cases/"
    person.goes(prepare).presses("Ask them to look first")
    asks = {name: Ask.objects.filter(audit=audit, service=w.services[name]) for name in SERVICES}
    for name in ("social_care", "police"):
        person.is_(w.users[f"contact_{SERVICES[name]}"]).goes(f"/asks/{asks[name].get().pk}/screening/")
        person.presses("Open the list").sees("Canarywell")
        for case in cases:
            person.chooses(**{f"{case.pk}-outcome": "clear"})
        person.presses("Save", exact=True)
    person.is_(w.coordinator).goes(prepare).presses("Ask every expected service")
    for name, short in SERVICES.items():
        page = f"/asks/{asks[name].get().pk}/"
        person.is_(w.users[f"contact_{short}"]).goes(page).presses("Open the list").sees("Canarywell")
        person.chooses(**{f"{cases[0].pk}-answer": "known"})
        if name != "police":
            person.chooses(**{f"{cases[1].pk}-answer": "known"}).presses("Save answers", exact=True)
        else:
            person.presses("“not known” for the rest").submits()
        person.goes(page + "people/")
        for case in cases[:1] if name == "police" else cases:
            person.chooses(**{f"{case.pk}-auditor": w.users[f"auditor_{short}"].pk})
            person.chooses(**{f"{case.pk}-authoriser": w.users[f"authoriser_{short}"].pk})
        person.presses("Save", exact=True)
    person.is_(w.coordinator).goes(f"/audits/{audit.pk}/involvement/")
    person.sees("6 of 6", "Not known").sees_nowhere("Canarywell")


def identify(person: Person, audit: Audit, case: Case, number: int) -> None:
    """The coordinator enters who the child is."""
    person.goes(f"/audits/{audit.pk}/involvement/cases/").follows("Enter identities").presses("Add a person")
    person.chooses(relation="child").writes(
        given_names=f"Zebedee {number}", family_name="Canarywell", nhs_number=("9990000018", "9990000026")[number]
    )
    person.dates(born_on=today() - timedelta(days=2000 + number)).submits()
    person.sees_nowhere("Canarywell")
    case.refresh_from_db()
    assert case.subject_id


def appraise(person: Person, w, audit: Audit) -> None:
    """Each service answers from its record; somebody else there checks; the coordinator releases the pack."""
    for involvement in Involvement.objects.filter(answer="known").order_by("case__number", "service__name"):
        person.is_(involvement.auditor).goes(f"/returns/begin/{involvement.pk}/")
        person.chooses(independence="none", contact="full").presses("Begin")
        while "/section/" not in person.page.url:
            person.page.locator(".govuk-task-list__link").first.click()
            person.looks()
        while "/section/" in person.page.url:
            fill_section(person, involvement.service.kind)
            with person.page.expect_navigation():
                person.page.locator("button[name=go][value=next]").click()
            person.looks()
        person.sees("Nothing is missing").presses("Hand it over")
        ret = Return.objects.get(involvement=involvement)
        person.is_(involvement.authoriser).goes(f"/returns/{ret.pk}/authorise/")
        person.chooses(independence="none").presses("Go on")
        person.page.locator("[name=declared]").check(force=True)
        person.presses("Submit the return")
    person.is_(w.coordinator).goes(f"/audits/{audit.pk}/returns/").sees("5 of 5 in").presses("Release the pack")


def fill_section(person: Person, kind: str) -> None:
    """Answer whatever is asked on this page."""
    apart = kind == "police" and "joint-working" in person.page.url
    for group in person.page.locator("#section fieldset").all():
        radios = group.locator("input[type=radio]")
        if radios.count():
            value = "requires-improvement" if apart else "good"
            grade = group.locator(f"input[type=radio][value={value}]")
            (grade if grade.count() else radios).first.check(force=True)
    for box in person.page.locator("#section textarea").all():
        box.fill(f"Noted by {kind} on the same day, and followed up.")


def discuss(person: Person, w, audit: Audit, cases: list[Case]) -> None:
    """The room goes through the cases: what differs first, the agreed rest together."""
    home = f"/audits/{audit.pk}/discussion/"
    person.is_(w.coordinator).goes(home + "arrange/").writes(place="Civic Centre, room 2", starts_at="09:30")
    person.dates(meets_on=today()).chooses(chair=w.chair.pk).presses("Save")
    person.is_(w.chair).goes(home).presses("Open")
    person.goes(f"/cases/{cases[0].pk}/discussion/")
    person.chooses(grade="requires-improvement")
    person.writes(reason="Quick and well led, but health was left out of the meeting.", dissent="Police see it better.")
    person.presses("Agreed")
    for case in cases:
        person.goes(f"/cases/{case.pk}/discussion/")
        person.chooses(tested="recognition").writes(tested_note="The record bears it out.")
        person.presses("Accept these together").presses("The room agrees on this case")
    person.goes(f"/cases/{cases[0].pk}/discussion/present/").goes(home).presses("Close")


def learn(person: Person, w, audit: Audit) -> str:
    """Themes, a recommendation, the briefing, the check, a second person, and the public page."""
    home = f"/audits/{audit.pk}/learning/"
    person.is_(w.coordinator).goes(home + "themes/")
    for box in person.page.locator("input[name=keys]").all()[:3]:
        box.check(force=True)
    person.writes(title="Health is not always in the first meeting").presses("Put into the theme")
    person.goes(home + "recommendations/new/").writes(text="Invite health to every strategy meeting.")
    person.chooses(agencies=w.health_visiting.agency.pk).dates(due_on=today() + timedelta(days=90)).presses("Save")
    person.goes(home).presses("Begin the briefing")
    person.writes(
        title="Physical abuse: what we learnt from looking together",
        lead="Multi-agency audit, 2026",
        why="A national review asked every area to test how it responds.",
        method="We looked at the records of several services and talked about them together.",
        works="Referrals come quickly, and children are seen on the day.",
        needs_work="Zebedee Canarywell was not brought, and nobody asked why.",
        voice="“She told me what would happen next.” – a parent",
        questions="When did we last read a whole chronology before deciding?",
        contacts="The partnership's business team",
    )
    person.presses("Save and check for personal detail")
    if person.page.get_by_role("button", name="Check it now").count():
        person.presses("Check it now")
    person.sees("a name held for a person in this audit").follows("Change it")
    person.writes(needs_work="History is too often read one event at a time.").presses("Save and check")
    person.presses("Check it now").presses("Hand it to the second person")
    briefing = Briefing.objects.get()
    person.is_(w.second).goes(f"/briefings/{briefing.pk}/clearance/")
    for name in ("read", "nobody"):
        person.page.locator(f"[name={name}]").check(force=True)
    person.presses("Clear the briefing")
    person.is_(w.coordinator).goes(f"/briefings/{briefing.pk}/").presses("Publish it")
    return Publication.objects.get().slug


def read_as_the_public(person: Person, slug: str) -> None:
    """Whoever comes by reads it, takes the PDF, and follows the feed."""
    person.page.context.clear_cookies()
    person.goes("/learning/").follows("Physical abuse: what we learnt").sees("History is too often read")
    person.sees_nowhere("Canarywell", "Case 1")
    for path, kind in ((f"/learning/{slug}/briefing.pdf", "application/pdf"), ("/learning/feed/", "application/atom")):
        answer = person.page.request.get(person.address + path)
        assert answer.headers["content-type"].startswith(kind)
        assert answer.ok


def whole_audit(person: Person, w) -> None:
    """From the list to the public page."""
    audit = plan(person, w)
    cases = sample(person, w, audit)
    involve(person, w, audit, cases)
    appraise(person, w, audit)
    discuss(person, w, audit, cases)
    read_as_the_public(person, learn(person, w, audit))


def test_one_whole_audit_with_axe_at_every_page(page, live_server, accessible, w):
    whole_audit(Person(page, live_server.url, accessible), w)


def test_one_whole_audit_without_javascript(page_without_script, live_server, w):
    whole_audit(Person(page_without_script, live_server.url), w)
