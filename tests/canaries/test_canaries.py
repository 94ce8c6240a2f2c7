"""Planted identities and planted words appear nowhere but where they may: in no page, address, header, log, message,
job, nor anywhere in the database as plain text."""

import logging
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from candour.appraisal.models import Connection
from candour.identity.actions import open_list
from candour.identity.models import Purpose
from candour.identity.tests.factories import CANARIES
from candour.impact.models import Action
from candour.involvement.models import Ask, AskedCase
from candour.kernel.errors import Refused
from candour.people.models import Membership, Role
from candour.people.tests.factories import AT, BEGAN, grant, other_world, sign_in, world
from tests.access.rows import DAY, Furnished, furnish, said
from tests.support.crawl import TOKEN, Walk, everything_stored, walk

pytestmark = pytest.mark.django_db
READERS = {
    # Who may read what the police wrote, by phase; everybody who is not named reads nothing of it.
    "draft": {"other contact", "other auditor"},
    "submitted": {"other contact", "other auditor", "coordinator"},
    "released": {
        "other contact",
        "other auditor",
        "coordinator",
        "chair",
        "scrutineer",
        "contact",
        "auditor",
        "authoriser",
    },
    "closed": {"other contact", "other auditor", "coordinator", "chair", "scrutineer"},
}


def walked(person) -> Walk:
    return walk(sign_in(Client(raise_request_exception=False), person))


def shown(found: Walk) -> str:
    pages = "\n".join(content.decode("utf-8", "replace") for content in found.pages.values())
    return "\n".join([pages, *found.pages, *found.headers.values()])


@pytest.mark.parametrize("phase", [phase for phase in READERS if phase != "released"])
def test_what_is_offered_opens_names_nobody_and_keeps_the_seal(phase, caplog):
    caplog.set_level(logging.INFO)
    sealed(walks(furnish(world(), phase)), phase)
    assert [canary for canary in CANARIES if canary in caplog.text] == []


def walks(here: Furnished) -> dict[str, Walk]:
    """What everybody is shown, to the last page that is offered to them."""
    return {name: walked(person) for name, person in here.people.items()}


def sealed(found: dict[str, Walk], phase: str) -> None:
    """Every page opens, names nobody, and shows a service's words to those who may read them at this phase."""
    text = {name: shown(pages) for name, pages in found.items()}
    for name, offered in found.items():
        assert offered.wrong() == ({"/": 403} if name == "leaver" else {}), f"{name} is offered what does not open."
        assert len(offered.pages) < 600, f"{name} never came to the end."
        assert [canary for canary in CANARIES if canary in text[name]] == [], f"{name} is shown an identity."
    readers = {name for name, page in text.items() if said("police") in page}
    whispered = {name for name, page in text.items() if said("police", private=True) in page}
    assert readers <= READERS[phase]
    assert "other auditor" in readers
    assert whispered <= {"other contact", "other auditor", "other authoriser", "coordinator", "chair"}


def test_no_identity_and_no_word_of_a_service_stands_in_the_database_as_plain_text():
    furnish(world(), "closed")
    words = [*CANARIES, said("police"), said("police", private=True)]
    assert {(table, word) for table, row in everything_stored() for word in words if word in row} == set()


def test_the_search_for_plain_text_would_find_some():
    here = furnish(world(), "asked")
    assert any(here.world.coordinator.email in row for _, row in everything_stored())


@time_machine.travel(datetime.now(UTC), tick=False)  # a draft's PDF says when it was printed
def test_released_the_seal_is_kept_and_another_partnership_changes_not_one_byte(caplog):
    """Save in the public library, which is everybody's."""
    caplog.set_level(logging.INFO)
    here = furnish(world(), "released")
    found = walks(here)
    sealed(found, "released")
    assert [canary for canary in CANARIES if canary in caplog.text] == []
    before = {name: private(pages) for name, pages in found.items()}
    share(here, furnish(other_world(), "released"), here.people["owner"])
    for name, person in here.people.items():
        if name == "owner":  # whose agency belongs to both from now on
            continue
        assert private(walked(person)) == before[name], f"{name} can tell that there is another partnership."


def share(here: Furnished, there: Furnished, person) -> Ask:
    """Have an agency of one partnership belong to the other too, and be asked and given an action there."""
    home, service = there.world.partnership, here.world.acute
    Membership.objects.create(partnership=home, agency=service.agency, starts_on=BEGAN)
    ask = Ask.objects.create(
        partnership=home, audit=there.rows["focus.Audit"], service=service, due_on=DAY, asked_at=AT
    )
    AskedCase.objects.create(partnership=home, ask=ask, case=there.rows["sampling.Case"], asked_at=AT)
    Action.objects.create(
        partnership=home,
        recommendation=there.rows["learning.Recommendation"],
        agency=service.agency,
        owner=person,
        due_on=DAY,
        made_at=AT,
    )
    return ask


@time_machine.travel(AT, tick=False)
def test_somebody_of_both_has_one_list_each_line_with_its_partnership_and_pages_that_tell_of_one():
    here, there = furnish(world(), "released"), furnish(other_world(), "released")
    person = here.people["owner"]
    grant(person, Role.CONTACT, agency=here.world.acute.agency)
    ask = Ask.objects.create(
        partnership=here.world.partnership,
        audit=here.rows["focus.Audit"],
        service=here.world.acute,
        due_on=DAY,
        asked_at=AT,
    )
    AskedCase.objects.create(partnership=ask.partnership, ask=ask, case=here.rows["sampling.Case"], asked_at=AT)
    own = [f"/asks/{ask.pk}/", f"/audits/{ask.audit_id}/", f"/actions/{here.rows['impact.Action'].pk}/"]
    client = sign_in(Client(), person)
    before = [main(client, url) for url in own]
    theirs = share(here, there, person)
    assert [main(client, url) for url in own] == before
    for url, line in (("/", "cd-task__note"), ("/audits/", "cd-small"), ("/actions/", "cd-small")):
        said = re.findall(rf'class="{line}[^"]*">([^<]*)<', main(client, url))
        named = [words for words in said if "Northmere" in words or "Southmere" in words]
        assert {"Northmere" in words for words in named} == {True, False}, url
        assert named == said, url
    assert f"/asks/{theirs.pk}/" in main(client, "/")


def main(client: Client, url: str) -> str:
    """What stands between the bar and the foot of a page, without what differs at every request."""
    page = TOKEN.sub(rb"\1", client.get(url).content).decode()
    return page[page.index("<main") : page.index("</main>")]


def private(found: Walk) -> dict[str, bytes]:
    return {url: page for url, page in found.pages.items() if not url.startswith("/learning/")}


def test_somebody_connected_to_a_family_opens_nothing_of_it():
    here = furnish(world(), "asked")
    contact, opening = here.people["contact"], here.rows["identity.Opening"]
    asked = {"openings": [opening], "purpose": Purpose.MATCH, "by": contact, "at": AT}
    assert len(open_list(**asked)) == 1
    case = here.rows["sampling.Case"]
    Connection.objects.create(
        partnership=case.partnership, case=case, service=here.world.health_visiting, user=contact, at=AT
    )
    with pytest.raises(Refused):
        open_list(**asked)
