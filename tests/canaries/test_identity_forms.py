"""What stands in a filled form of identities is told nowhere: in no page about the form, refusal, log, address, nor
anywhere in the database as plain text; neither from a row that is kept nor from one that is refused."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from candour.identity.bounds import ALL_FIELDS
from candour.identity.models import Person
from candour.people.tests.factories import sign_in, world
from candour.sampling.models import IdentitySheet
from candour.sampling.queries.identity_form import COLUMNS
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import some_cases
from tests.support.crawl import everything_stored

pytestmark = pytest.mark.django_db
CANARY = "Zephyrcanary"
DATES = ("born_on", "expected_on")


def test_a_filled_form_is_told_nowhere(caplog):
    caplog.set_level(logging.DEBUG)
    w = world()
    case = some_cases(w)[0]
    good = ["" if name in (*DATES, "sex") else f"{CANARY} {name}" for name in ALL_FIELDS]
    bad = [f"{CANARY} {name}" for name in ALL_FIELDS]
    rows = [[case.ref, "", "Child", *good], [case.ref, "", "Parent", *bad], [CANARY, CANARY, CANARY, *bad]]
    lead = sign_in(Client(), w.coordinator)
    form = SimpleUploadedFile(f"{CANARY}.xlsx", f.book(Identities=[list(COLUMNS), *rows]))
    where = reverse("sampling:identities", args=[case.audit_id])
    looked = lead.post(where, {"upload": form}, follow=True)
    told = [looked.text, *everything_stored()]
    kept = lead.post(reverse("sampling:keep_identities", args=[IdentitySheet.objects.get().pk]), follow=True)
    told += [kept.text, *everything_stored(), caplog.text]
    assert Person.objects.count() == 1
    assert [text for text in told if CANARY.casefold() in str(text).casefold()] == []
