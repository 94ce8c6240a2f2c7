"""A partnership begins at the command line, with its coordinator invited."""

import re

import pytest
from django.test import Client

from candour.config.cli import main
from candour.people.models import Grant, Role
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_a_partnership_begins_with_an_invited_coordinator(client: Client, capsys) -> None:
    words = ["Northmere SCP", "--short", "Northmere", "--coordinator", "Ruth Okafor", "--email", "Ruth@example.org"]
    assert main(["partnership", *words]) == 0
    assert main(["partnership", *words]) == 1
    link = re.search(r"/invitation/\S+", capsys.readouterr().out)[0]
    assert "Candour invites you" in client.get(link).content.decode()
    client.post(link, {"name": "Ruth Okafor", "password": "purple bicycle harbour"})
    grant = Grant.objects.get()
    assert (grant.user.email, grant.role, grant.given_by) == ("ruth@example.org", Role.COORDINATOR, None)
    assert Entry.objects.filter(verb="partnership begun").exists()
