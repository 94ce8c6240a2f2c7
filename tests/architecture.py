"""What the import contracts cannot see: walks over a tree of Candour's files, each yielding sentences."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = ("focus", "sampling", "involvement", "appraisal", "discussion", "learning", "impact")
LONGEST_FILE = 400
LONGEST_VIEW = 15

NAMED_URL = re.compile(r"""{%-?\s*url\s+["']([a-z_]+):""")
NAMED_TEMPLATE = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([a-z_]+)/""")
INLINE = re.compile(
    r"""<style\b|\sstyle=["']|\son[a-z]+=["']|javascript:|<script(?![^>]*\b(?:src|nonce|type)=)""", re.I
)
UNFINISHED = re.compile(r"\bTOD[O]\b|\bFIXM[E]\b|raise NotImplementedErro[r]|comin[g] soon|lore[m] ipsum")


def layers() -> list[str]:
    """The apps from the latest to the earliest, as the import contract lists them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract["id"] == "one-way")


def later(app: str, than: str) -> bool:
    """Whether one app stands above another in the house; `config` and strangers never count."""
    order = layers()
    return app in order and than in order and app != "config" and order.index(app) < order.index(than)


def python_files(tree: Path, role: str = "") -> Iterator[Path]:
    """The product's own modules, no tests, no migrations; with a role, only `<role>.py` and those in `<role>/`."""
    for file in sorted((tree / "candour").rglob("*.py")):
        places = file.relative_to(tree).with_suffix("").parts
        if not {"tests", "migrations"} & set(places) and (not role or role in places):
            yield file


def app_of(tree: Path, file: Path) -> str:
    """The app that a file belongs to."""
    parts = file.relative_to(tree / "candour").parts
    return parts[0] if len(parts) > 1 else ""


def parsed(tree: Path, role: str = "") -> Iterator[tuple[str, str, ast.Module]]:
    """Each module with its app and its place, read as syntax."""
    for file in python_files(tree, role):
        yield app_of(tree, file), str(file.relative_to(tree)), ast.parse(file.read_text(encoding="utf-8"))


def upward_relations(relations: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """A foreign key to a later step; string references escape the import contract."""
    for app, field, target in relations:
        if later(target, than=app):
            yield f"{field} points to {target}, which comes later."


def model_relations() -> Iterator[tuple[str, str, str]]:
    """Every relation of the loaded models: app, field, app pointed to."""
    from django.apps import apps  # noqa: PLC0415 -- the registry needs a loaded Django

    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or isinstance(target, str):
                continue
            yield model._meta.app_label, f"{model._meta.label}.{field.name}", target._meta.app_label


def templates_naming_later_pages(tree: Path) -> Iterator[str]:
    """A template that names an address or a template of a later step."""
    for file in sorted((tree / "candour").rglob("templates/**/*")):
        if not file.is_file() or "tests" in file.parts:
            continue
        app, text = app_of(tree, file), file.read_text(encoding="utf-8")
        for named in {*NAMED_URL.findall(text), *NAMED_TEMPLATE.findall(text)}:
            if later(named, than=app):
                yield f"{file.relative_to(tree)} names {named}, which comes later."


def code_naming_later_pages(tree: Path) -> Iterator[str]:
    """Python that asks for the address of a later step's page."""
    for app, place, module in parsed(tree):
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or called(node) not in {
                "reverse",
                "reverse_lazy",
                "redirect",
                "resolve_url",
            }:
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                named = first.value.partition(":")[0]
                if later(named, than=app):
                    yield f"{place}:{node.lineno} names {named}, which comes later."


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def state_set_by_hand(tree: Path) -> Iterator[str]:
    """An assignment of `.state`, or an update of it, outside `trail/make.py`."""
    for _, place, module in parsed(tree):
        if place == "candour/trail/make.py":
            continue
        for node in ast.walk(module):
            if sets_state(node):
                yield f"{place}:{node.lineno} sets a state; only trail/make.py does."


def stores_state(node: ast.AST) -> bool:
    """Whether a piece of syntax is an attribute `state` being stored to."""
    return isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)


def sets_state(node: ast.AST) -> bool:
    """Whether a statement or a call stores to an attribute or column named `state`."""
    if isinstance(node, ast.Assign):
        return any(stores_state(part) for target in node.targets for part in ast.walk(target))
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return stores_state(node.target)
    if isinstance(node, ast.Call):
        if called(node) == "update":
            return any(word.arg == "state" for word in node.keywords)
        if called(node) == "setattr" and len(node.args) > 1:
            return isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
    return False


def views_touching_tables(tree: Path) -> Iterator[str]:
    """A view that reads or writes a table itself."""
    for _, place, module in parsed(tree, "views"):
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "save", "delete", "bulk_create"}:
                yield f"{place}:{node.lineno} touches .{node.attr}; views call queries and actions."


def long_views(tree: Path) -> Iterator[str]:
    """A view that has grown past reading at a glance."""
    for _, place, module in parsed(tree, "views"):
        for node in module.body:
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 0
                if lines > LONGEST_VIEW:
                    yield f"{place}:{node.lineno} {node.name} has {lines} lines; {LONGEST_VIEW} at most."


def actions_out_of_shape(tree: Path) -> Iterator[str]:
    """A verb that takes positional arguments, runs outside act() or is not told the time."""
    for _, place, module in parsed(tree, "actions"):
        offered = verbs_offered(tree / place)
        for node in module.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if offered and node.name not in offered:
                continue
            if not any(isinstance(mark, ast.Name) and mark.id == "act" for mark in node.decorator_list):
                yield f"{place}:{node.lineno} {node.name} does not run in act()."
            if node.args.args or node.args.posonlyargs or node.args.vararg:
                yield f"{place}:{node.lineno} {node.name} takes arguments by position."
            if "at" not in {argument.arg for argument in node.args.kwonlyargs}:
                yield f"{place}:{node.lineno} {node.name} is not told the time."


def verbs_offered(file: Path) -> set[str]:
    """What a package of actions offers from this module; empty where the module is the whole of the actions."""
    whole = file.parent / "__init__.py"
    if file.parent.name != "actions" or file == whole or not whole.exists():
        return set()
    found = ast.walk(ast.parse(whole.read_text(encoding="utf-8")))
    return {name.name for node in found if isinstance(node, ast.ImportFrom) for name in node.names} | {"*"}


def inline_code_in_pages(tree: Path) -> Iterator[str]:
    """A template with a style or a script in it, which the page policy forbids."""
    for file in sorted((tree / "candour").rglob("templates/**/*.html")):
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", file.read_text(encoding="utf-8"), flags=re.S)
        if match := INLINE.search(text):
            yield f"{file.relative_to(tree)} holds inline code: {match[0].strip()}"


def long_files(tree: Path) -> Iterator[str]:
    """A module that should be taken apart."""
    for file in python_files(tree):
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE:
            yield f"{file.relative_to(tree)} has {count} lines; {LONGEST_FILE} at most."


def unfinished_words(tree: Path) -> Iterator[str]:
    """A word that says something is not done."""
    for pattern in ("*.py", "*.html", "*.md"):
        for file in sorted((tree / "candour").rglob(pattern)):
            if match := UNFINISHED.search(file.read_text(encoding="utf-8")):
                yield f"{file.relative_to(tree)} holds {match[0]!r}."


def steps_without_a_page_of_their_own(tree: Path) -> Iterator[str]:
    """A step whose README does not say what it receives, decides and hands on."""
    for step in STEPS:
        file = tree / "candour" / step / "README.md"
        text = file.read_text(encoding="utf-8").lower() if file.is_file() else ""
        for word in ("receives", "decides", "hands on"):
            if word not in text:
                yield f"candour/{step}/README.md does not say what the step {word}."


def decisions_out_of_order(tree: Path) -> Iterator[str]:
    """A decision record whose number is taken or disagrees with its heading."""
    seen: dict[str, str] = {}
    for file in sorted((tree / "docs" / "adr").glob("*.md")):
        number = file.name[:4]
        heading = file.read_text(encoding="utf-8").splitlines()[0]
        if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", file.name):
            yield f"{file.name} is not named like 0007-title.md."
            continue
        if number in seen:
            yield f"{file.name} and {seen[number]} bear one number."
        if not re.match(rf"# (?:ADR )?{number}\b", heading) and not heading.startswith(f"# {int(number)}. "):
            yield f"{file.name} is headed {heading!r}."
        seen[number] = file.name


CHECKS: tuple[Callable[[Path], Iterator[str]], ...] = (
    templates_naming_later_pages,
    code_naming_later_pages,
    state_set_by_hand,
    views_touching_tables,
    long_views,
    actions_out_of_shape,
    inline_code_in_pages,
    long_files,
    unfinished_words,
    steps_without_a_page_of_their_own,
    decisions_out_of_order,
)
