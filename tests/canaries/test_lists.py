"""What stands in a case list is shown to whoever maps its columns or traces a case, and is told nowhere else: in no
page about the list, refusal, log, job, message, nor anywhere in the database as plain text; not even when reading fails."""

import logging
import traceback
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django_q.models import OrmQ

from candour.config.logs import Quiet
from candour.people.tests.factories import sign_in, world
from candour.sampling import jobs, readers
from candour.sampling.models import CaseList
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import an_audit
from tests.support.crawl import everything_stored, walk

pytestmark = pytest.mark.django_db
CANARY = "Zephyrcanary"
NUMBER = "77331199"  # a child's number
CANARIES = (CANARY, CANARY.upper(), NUMBER)
BORN = date(2015, 3, 12)
WRONG = f"{CANARY} 99"


def annex_a() -> bytes:
    """A row in which every cell is wrong, one that is right, one that stands twice in conflict."""
    bad = [NUMBER, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY, CANARY]
    good = f.need(NUMBER + "1", born=BORN)
    return f.book(
        List_6=[f.LIST_6, bad, good, f.need(NUMBER + "1", sex=CANARY), f.need("", status=CANARY), f.need(NUMBER)]
    )


def census() -> bytes:
    child = (
        "<Child><ChildIdentifiers><LAchildID>{0}</LAchildID><PersonBirthDate>{1}</PersonBirthDate></ChildIdentifiers>"
    )
    dated = f"<CINreferralDate>{WRONG}</CINreferralDate><PrimaryNeedCode>{CANARY}</PrimaryNeedCode>"
    details = f"<CINdetails>{dated}</CINdetails>"
    head = "<Header><Collection>CIN</Collection><ReferenceDate>2026-03-31</ReferenceDate></Header>"
    rows = [
        child.format(NUMBER, WRONG) + details + "</Child>",
        child.format(NUMBER, "2015-01-01") + details + "</Child>",
    ]
    return f"<Message>{head}<Children>{''.join(rows)}</Children></Message>".encode()


def looked_after() -> bytes:
    header = f.text([["CHILD", "SEX", "DOB", "ETHNIC", "UPN"], [NUMBER, CANARY, WRONG, CANARY, CANARY]])
    episodes = f.text([["CHILD", "DECOM", "RNE", "LS", "CIN", "DEC"], [NUMBER, WRONG, CANARY, CANARY, CANARY, ""]])
    return f.zipped(header__csv=header, episodes__csv=episodes)


def table(**more) -> bytes:
    return f.text(
        [["Child ID", "Date of birth", "Sex", "Name"], [NUMBER, WRONG, CANARY, CANARY], ["", "", CANARY, ""]], **more
    )


SHOWN = ("/columns/", "/spellings/")  # where the coordinator looks at what stands there
LISTS = {
    "Annex A": ("list.xlsx", annex_a()),
    "the census": ("census.xml", census()),
    "SSDA903": ("903.zip", looked_after()),
    "a table": ("table.csv", table()),
    "a table in another encoding": ("table.csv", table(encoding="utf-16")),
    "columns that nobody knows": ("odd.csv", f.text([["A", "B"], [NUMBER, CANARY], [CANARY, WRONG]])),
    "a census cut short": ("census.xml", census()[:-60]),
    "a workbook cut short": ("list.xlsx", annex_a()[:-200]),
    "no list": (f"{CANARY}.pdf", b"%PDF-1.7 " + CANARY.encode()),
}


@pytest.fixture
def logged():
    """All that the log would hold."""
    said: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record):
            said.append(self.format(record))

    keeper = Keeper(logging.INFO)
    keeper.setFormatter(Quiet())
    root = logging.getLogger()
    before = root.level
    root.addHandler(keeper)
    root.setLevel(logging.INFO)
    yield said
    root.removeHandler(keeper)
    root.setLevel(before)


def give(client, audit, name, content):
    return client.post(
        f"/audits/{audit.pk}/sampling/list/", {"uploads": SimpleUploadedFile(name, content)}, follow=True
    )


def told(answer) -> str:
    return "\n".join([answer.text, str(answer.headers), *(url for url, _ in answer.redirect_chain)])


def leaks(*texts: str) -> list[str]:
    return [canary for canary in CANARIES for text in texts if canary in text]


def stored() -> list[tuple[str, str]]:
    return [(name, canary) for name, row in everything_stored() for canary in CANARIES if canary in row]


@pytest.mark.parametrize("kind", list(LISTS))
def test_nothing_of_a_row_is_told_by_the_page_the_log_or_the_database(kind, logged):
    w = world()
    client = sign_in(Client(raise_request_exception=False), w.coordinator)
    answer = give(client, an_audit(w), *LISTS[kind])
    assert answer.status_code == 200
    found = CaseList.objects.get()
    walked = walk(client, [f"/lists/{found.pk}/"], most=6).pages
    pages = {url: page.decode("utf-8", "replace") for url, page in walked.items() if not url.endswith(SHOWN)}
    assert f"/lists/{found.pk}/" in pages
    assert leaks(told(answer), found.problem, *pages, *pages.values(), *logged) == []
    assert stored() == []
    if kind == "columns that nobody knows":
        assert leaks(client.get(f"/lists/{found.pk}/columns/").text)  # where the coordinator looks at them


def test_an_unforeseen_failure_ends_in_a_sentence_without_a_value(logged, monkeypatch):
    w = world()
    monkeypatch.setattr(readers, "read", lambda *given: int(WRONG))
    answer = give(sign_in(Client(), w.coordinator), an_audit(w), "table.csv", table())
    assert "This list could not be read" in answer.text
    assert any("ValueError" in line and "could not be read" in line for line in logged)
    assert leaks(told(answer), *logged) == []
    assert stored() == []


def test_a_failing_worker_writes_no_value_into_its_own_tables(logged, monkeypatch):
    w = world()
    monkeypatch.setattr(jobs, "AT_ONCE", 10)
    given = give(sign_in(Client(), w.coordinator), an_audit(w), "table.csv", table())
    assert leaks(told(given), *(str(row.payload) for row in OrmQ.objects.all())) == []

    def fails(*given, **more):
        raise OperationalError(f"row ({WRONG}, {NUMBER}) is locked")

    monkeypatch.setattr(readers, "read", fails)
    with pytest.raises(jobs.NotRead) as failed:  # which has the worker try again
        jobs.read_list(CaseList.objects.get().pk)
    written = "".join(traceback.format_exception(failed.value))  # what it writes into its table of results
    assert "OperationalError while list" in written
    assert leaks(written, *logged) == []
    assert stored() == []


def test_a_page_that_breaks_says_nothing_of_what_it_was_given(logged, monkeypatch):
    w = world()
    client = sign_in(Client(raise_request_exception=False), w.coordinator)
    monkeypatch.setattr(jobs, "begin_reading", lambda given: int(WRONG))
    answer = give(client, an_audit(w), "table.csv", table())
    assert answer.status_code == 500
    assert any("ValueError" in line for line in logged)
    assert leaks(told(answer), *logged) == []
