"""The demonstration loads once, has an audit at every stage, and every persona's first page opens."""

import pytest
from django.test import Client

from candour.appraisal import queries as appraisal
from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Return
from candour.concerns.models import Concern, Rule
from candour.demo.load import load
from candour.demo.personas import PERSONAS
from candour.discussion.models import CaseDiscussion
from candour.families.models import Choice, Decision, View
from candour.focus.models import Audit
from candour.identity.models import Person
from candour.involvement import queries as involvement
from candour.involvement.models import Ask
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.learning.models import Publication
from candour.members import actions as members
from candour.people.models import Absence, Agency, Partnership, User
from candour.people.tests.factories import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def audits(settings):
    settings.MODE, settings.CANDOUR_PERSONAS = "demo", "candour.demo.personas.PERSONAS"
    assert load()
    return list(Audit.objects.order_by("starts_on"))


def test_the_demonstration(audits):
    """One test, because making it takes a while."""
    older, published, discussed, half, drawn, fixed, planned = audits
    assert not load(), "It is made once; what somebody has since done stays."
    assert Partnership.objects.count() == 1
    assert Agency.objects.count() == 8
    assert [audit.state for audit in audits] == ["closed", *["under-way"] * 5, "planned"]
    assert set(Publication.objects.values_list("briefing__audit", flat=True)) == {older.pk, published.pk}
    assert {len(appraisal.owed(audit)) for audit in (older, published, discussed)} != {0}
    owed = appraisal.owed(discussed)
    assert all(ret and ret.state == ReturnState.SUBMITTED for _, ret in owed)
    assert CaseDiscussion.objects.filter(discussion__audit=discussed, state="agreed").count() == 1
    states = set(Return.objects.filter(audit=half).values_list("state", flat=True))
    assert {ReturnState.DRAFT, ReturnState.WITH_AUTHORISER, ReturnState.SUBMITTED} <= states
    assert any(ret is None for _, ret in appraisal.owed(half))
    assert (drawn.cases.count(), drawn.cases.filter(state="active").count()) == (6, 5)
    assert Ask.objects.filter(audit=drawn, state="open").count() == 8
    assert fixed.commitments.get().state == "proposed"
    assert not planned.decided_on
    assert {person.nhs_number[:3] for person in Person.objects.all() if person.nhs_number} == {"999"}
    assert {row.choice for row in Decision.objects.all()} == set(Choice)
    assert Decision.objects.filter(case__audit=half).count() < half.cases.count()
    assert View.objects.filter(case__audit=discussed, may_quote=True).exists()
    assert not View.objects.filter(case__audit__in=(older, published), told_on=None).exists()
    assert Rule.objects.get().rises_to.name == Concern.objects.get(risen=1).owner.name == "Simon Farrar"
    assert {concern.state for concern in Concern.objects.all()} == {"open", "acknowledged", "closed"}
    shared = Return.objects.get(audit=half, involvement__sharers__name="Megan Ashdown")
    assert set(shared.answers.values_list("by__name", flat=True)) == {"Lucy Farrow", "Megan Ashdown"}
    away = {row.user.name: row.deputy and row.deputy.name for row in Absence.objects.all()}
    assert away == {"Sophie Lund": None, "Lucy Farrow": "Megan Ashdown"}
    lead = User.objects.get(name="Ruth Okafor")
    assert [task.title.split(" is away")[0] for task in involvement.tasks(lead, today()) if task.tag == "Away"] == [
        "Sophie Lund"
    ]
    for persona in PERSONAS:
        person = members.enter_demonstration(email=persona.email, at=older.opened_at)
        page = sign_in(Client(), User.objects.get(pk=person.pk)).get("/")
        assert page.status_code == 200, persona.name


def test_it_is_not_for_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(Refused, match="not for a production"):
        load()
    assert not Partnership.objects.exists()
