import pytest

from candour.people.models import ServiceKind
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.tools import queries
from candour.tools.models import Tool, ToolVersion
from candour.tools.shipped import put_on_the_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


def own_tool(w, code):
    tool = Tool.objects.create(partnership=w.partnership, code=code, name=f"Our {code}")
    document = queries.newest("core").document
    return ToolVersion.objects.create(tool=tool, number=1, document=document, published_at=AT)


@pytest.mark.parametrize("tools", [1, 3])
def test_the_shelf_asks_as_often_for_one_tool_as_for_three(client, w, tools, django_assert_num_queries):
    for place in range(tools):
        own_tool(w, f"tool-{place}")
    sign_in(client, w.coordinator)
    client.get("/tools/")
    with django_assert_num_queries(6):
        page = client.get("/tools/").content.decode()
    assert page.count("Our tool-") == tools
    assert "Core audit tool" in page


@pytest.mark.parametrize("kind", [*ServiceKind.values, "brief", "nonsense"])
def test_a_tool_is_shown_as_each_kind_meets_it(client, w, kind):
    version = queries.newest("core")
    sign_in(client, w.auditor_police)
    page = client.get(f"/tools/{version.pk}/", {"kind": kind}).content.decode()
    document = queries.document_of(version.pk)
    shown = {"brief": {"kind": "", "brief": True}, "nonsense": {"kind": "social-care"}}.get(kind, {"kind": kind})
    assert f"{document.length(**shown)} questions in {len(document.sections(**shown))} sections" in page


def test_nobody_sees_another_partnerships_tool(client, w):
    version = own_tool(other_world(), "theirs")
    sign_in(client, w.coordinator)
    assert client.get(f"/tools/{version.pk}/").status_code == 404
    assert "Our theirs" not in client.get("/tools/").content.decode()


def test_the_core_tool_comes_first_on_the_shelf_and_in_what_is_offered(client, w):
    own_tool(w, "core")
    names = [version.tool.name for version in queries.offered(w.partnership)]
    assert names[0] == "Core audit tool"
    assert names[1:] == sorted(names[1:])
    sign_in(client, w.coordinator)
    page = client.get("/tools/").content.decode()
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert len(places) == 7


def test_a_voluntary_questionnaire_is_no_tool_for_an_audit_and_the_partnerships_own_goes_first(w):
    found = queries.questionnaires(w.partnership)
    assert list(found) == ["views-child", "views-parent", "views-practitioner"]
    assert not set(found) & {version.tool.code for version in queries.offered(w.partnership)}
    tool = Tool.objects.create(partnership=w.partnership, code="views-child", name="Ours")
    document = found["views-child"].document | {"name": "Ours"}
    own = ToolVersion.objects.create(tool=tool, number=1, document=document, published_at=AT)
    assert queries.questionnaires(w.partnership)["views-child"] == own
    assert queries.questionnaires(other_world().partnership)["views-child"] == found["views-child"]
