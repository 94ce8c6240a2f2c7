import pytest

from candour.kernel.errors import Refused
from candour.people.tests.factories import AT, world
from candour.tools import queries
from candour.tools.models import Tool, ToolVersion
from candour.tools.shipped import put_on_the_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def core():
    put_on_the_shelf()
    return queries.newest("core")


def test_the_shelf_is_filled_once(core):
    put_on_the_shelf()
    assert ToolVersion.objects.filter(tool__code="core").count() == 1
    assert core.intact


def test_a_published_version_never_changes(core):
    core.document["name"] = "Another"
    assert not core.intact
    for attempt in (
        core.save,
        core.delete,
        lambda: ToolVersion.objects.filter(pk=core.pk).update(number=9),
        lambda: ToolVersion.objects.filter(pk=core.pk).delete(),
    ):
        with pytest.raises(Refused, match="never changes"):
            attempt()


def test_a_version_being_written_changes_freely(core):
    draft = ToolVersion.objects.create(tool=core.tool, number=2, document=core.document)
    draft.document = core.document | {"name": "Better"}
    draft.save()
    ToolVersion.objects.filter(pk=draft.pk).update(number=3)
    draft.refresh_from_db()
    assert (draft.number, draft.intact, str(draft)) == (3, True, "Core audit tool 3")
    draft.delete()
    with pytest.raises(ToolVersion.DoesNotExist):
        queries.document_of(draft.pk)


def test_a_partnership_is_offered_the_newest_of_each_and_its_own(core):
    w = world()
    own = Tool.objects.create(partnership=w.partnership, code="neglect", name="Neglect")
    for number in (1, 2):
        ToolVersion.objects.create(tool=own, number=number, document=core.document, published_at=AT)
    ToolVersion.objects.create(tool=own, number=3, document=core.document)
    offered = {(version.tool.code, version.number) for version in queries.offered(w.partnership)}
    assert {("core", 1), ("neglect", 2)} <= offered
    assert ("neglect", 3) not in offered
