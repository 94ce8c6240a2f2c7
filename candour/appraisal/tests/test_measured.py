"""What people took for a return, beside what its tool says: of many together, never of one."""

from datetime import timedelta

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import other_world, sign_in, world
from candour.tools import actions as tools
from candour.tools.queries import document_of

pytestmark = pytest.mark.django_db

PLACES = ("social_care", "police", "health_visiting", "acute", "gp", "school")
SIX = "6 returns by 6 people took: half of them up to 35 minutes"


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    return make.audit(w, 3)


def written(w, on, place, number=1, gaps=(10, 10, 10), submit=True, **more):
    """A return whose answers were saved in so many steps, the last of which answers all that is left."""
    ret = make.draft(w, on, getattr(w, place), number, **more)
    questions = [question for section in queries.sections_of(ret) for question in section.questions]
    at = make.AT
    for step, gap in enumerate(gaps):
        at += timedelta(minutes=gap)
        some = questions[step : step + 1] if step + 1 < len(gaps) else questions[step:]
        actions.save_answers(ret=ret, given=[make.given(one) for one in some], by=ret.auditor, at=at)
    if submit:
        actions.hand_over(ret=ret, by=ret.auditor, at=at)
        actions.declare(ret=ret, worked_with=False, manages_worker=False, by=ret.authoriser, at=at)
        actions.submit(ret=ret, by=ret.authoriser, at=at)
    return ret


def six(w, on, number=1, first=30):
    """One return of each service; they take 30, 31, … minutes."""
    for place, key in enumerate(PLACES):
        written(w, on, key, number, (10, 10, 5, first - 25 + place))


def of(w, on):
    return queries.measured(on.tool_id, [w.partnership.pk])


def test_a_return_takes_the_gaps_between_its_saves_and_no_break(w, on):
    for place, key in enumerate(PLACES):
        written(w, on, key, 1, (5, 29, 30, 31, 600, 10 + place))  # 5 + 29 + 10..15; half an hour is a break
    assert (of(w, on).half, of(w, on).said) == (50, document_of(on.tool_id).minutes)


def test_few_returns_are_never_told_and_neither_are_many_of_one_person(w, on):
    for key in PLACES[:4]:
        written(w, on, key, 1, (5, 5, 5, 5))
        written(w, on, key, 2, (5, 5, 5, 5))
    assert str(of(w, on)) == ""
    written(w, on, PLACES[4], 1, (5, 5, 5, 5))
    assert str(of(w, on)) == "9 returns by 5 people took: half of them up to 20 minutes"
    written(w, on, PLACES[4], 2, (20, 20, 20, 20))
    assert str(of(w, on)) == "10 returns by 5 people took: half of them up to 20 minutes, nine in ten up to 20"


def test_only_whole_returns_that_were_written_here_count(w, on):
    six(w, on)
    assert str(of(w, on)) == SIX
    written(w, on, "police", 2, (1, 1, 1, 1), submit=False)
    written(w, on, "gp", 2, (1, 1, 1, 1), brief=True)
    written(w, on, "acute", 2, (1, 0, 1, 1))  # three times: filled in elsewhere
    assert str(of(w, on)) == SIX


def test_answers_saved_at_once_take_five_minutes_at_the_least(w, on):
    for key in PLACES:
        written(w, on, key, 1, (40, 40, 40, 40))
    assert of(w, on).half == 5


def test_another_partnership_is_told_nothing(w, on):
    six(w, on)
    other = other_world()
    assert not queries.measured(on.tool_id, [other.partnership.pk]).returns
    assert queries.measured_for(on.tool, w.coordinator) == SIX
    for person in (other.coordinator, w.chair, w.auditor_police):
        assert queries.measured_for(on.tool, person) == ""


@pytest.mark.parametrize("cases", [1, 3])
def test_the_first_page_of_a_return_says_what_people_took(client, w, on, cases, django_assert_num_queries):
    for number in range(1, cases + 1):
        six(w, on, number)
    page = first_page(client, w, on)
    with django_assert_num_queries(15):
        page = client.get(page).content.decode()
    assert f"{cases * 6} returns by 6 people took: half of them up to 35 minutes" in page
    assert ("nine in ten up to 35" in page) is (cases > 1)


def first_page(client, w, on):
    """The first page of one more return that the police owe."""
    make.case(w, on, 9)
    answer = make.known(w, on, w.police, 9)
    sign_in(client, w.auditor_police)
    return f"/returns/begin/{answer.pk}/"


def test_the_first_page_says_nothing_of_what_few_took(client, w, on):
    written(w, on, "police", 1, (5, 5, 5, 5))
    page = client.get(first_page(client, w, on)).content.decode()
    assert "minutes, with reading the record" in page
    assert "people took" not in page


def test_the_coordinator_reads_it_beside_the_returns_and_on_the_tool(client, w, on):
    sign_in(client, w.coordinator)
    returns, tool = f"/audits/{on.pk}/returns/", on.tool.get_absolute_url()
    assert "once five people have submitted" in client.get(returns).content.decode()
    assert "people took" not in client.get(tool).content.decode()
    six(w, on)
    for page in (returns, tool):
        assert f"{SIX}, breaks of half an hour and more left out." in client.get(page).content.decode()
    sign_in(client, w.auditor_police)
    assert "people took" not in client.get(tool).content.decode()


def test_whoever_writes_the_next_version_reads_what_the_last_one_took(client, w):
    told = {"version": make.audit(w).tool, "partnership": w.partnership, "by": w.coordinator, "at": make.AT}
    first = tools.copy_tool(code="ours", name="Our tool", **told)
    tools.publish_version(version=first, by=w.coordinator, at=make.AT)
    on = make.audit(w, 1, "2026-04")
    on.tool = first
    on.save()
    six(w, on)
    draft = tools.write_next(version=first, by=w.coordinator, at=make.AT)
    page = sign_in(client, w.coordinator).get(draft.edit_url).content.decode()
    assert "It says that it takes about 90 minutes. With version 1, which said 90, 6 returns by 6 people took" in page
