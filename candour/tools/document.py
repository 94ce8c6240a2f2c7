"""An audit tool read from its document: what each kind of service is asked, and in which order. Knows no tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

DOMAINS = {
    "recognition": "Recognition",
    "planning": "Planning and intervention",
    "assessment": "Assessment",
    "joint-working": "Joint working",
    "impact": "Impact",
    "overall": "Overall quality",
    "voice": "The child's voice",
}
GRADES = {
    "outstanding": "Outstanding",
    "good": "Good",
    "requires-improvement": "Requires improvement",
    "inadequate": "Inadequate",
    "not-enough": "Not enough involvement to grade",
}
YES_PARTLY_NO = {
    "yes": "Yes",
    "partly": "Partly",
    "no": "No",
    "not-recorded": "Not recorded",
    "does-not-apply": "Does not apply",
}
NO_DATE = {"not-recorded": "Not recorded", "does-not-apply": "Does not apply"}
POINTS = {
    "good": "What was good practice?",
    "develop": "What should develop?",
    "recommend": "What do you recommend?",
}
TYPES = ("yes-partly-no", "date", "number", "text", "choice", "multi-choice")


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    key: str
    label: str
    description: str = ""


@dataclass(frozen=True)
class When:
    """A question is asked only when an earlier one was answered with one of these options."""

    question: str
    among: frozenset[str]


@dataclass(frozen=True)
class Question:
    """One question as one kind of service meets it. Its type is one of TYPES, grade or points.

    `when`: all must hold, or it is not asked. `past`: options that old answers may hold and new ones may not.
    """

    key: str
    type: str
    prompt: str
    section: str
    domain: str
    number: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    points: str = ""
    unit: str = ""
    when: tuple[When, ...] = ()
    past: tuple[Option, ...] = ()
    retired: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is one of the questions that a tool may have only so many of; the three lists are extra."""
        return self.type != "points"


@dataclass(frozen=True)
class Section:
    """A page of questions, which belongs to one domain."""

    key: str
    title: str
    domain: str
    number: int = 0
    guidance: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def graded(self) -> bool:
        """Whether the service says how good its practice was here."""
        return any(question.type == "grade" for question in self.questions)


@dataclass(frozen=True)
class Document:
    """A version of a tool, whole: every question that it asks of anybody."""

    code: str
    name: str
    number: int
    minutes: int
    about: str
    whole: tuple[Section, ...]
    dropped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    added: Mapping[str, frozenset[str]] = field(default_factory=dict)
    brief: frozenset[str] = frozenset()
    use: str = "return"

    def sections(self, kind: str = "", *, brief: bool = False, graded: bool = True) -> tuple[Section, ...]:
        """The sections that a kind of service fills in, numbered from 1, and in them the questions that it is asked.

        `brief`: the service met the child once or twice only. `graded`: off where the audit gives no grades; then
        each grade is asked for in words alone. Without a kind: the questions that are asked of no particular one.
        """
        asked = [self._asked(section, kind, brief, graded) for section in self.whole]
        return tuple(_numbered(section, place) for place, section in enumerate((s for s in asked if s.questions), 1))

    def questions(self, kind: str = "", *, brief: bool = False, graded: bool = True) -> tuple[Question, ...]:
        """All that a kind of service is asked, in order."""
        return tuple(q for section in self.sections(kind, brief=brief, graded=graded) for q in section.questions)

    def question(self, key: str) -> Question | None:
        """A question by its key, whoever is asked it; old answers stay readable by this."""
        return next((q for section in self.whole for q in section.questions if q.key == key), None)

    def domain(self, section: str) -> str:
        """The domain that a section belongs to."""
        return next((s.domain for s in self.whole if s.key == section), "")

    def domains(self) -> tuple[str, ...]:
        """The domains that this tool's grades speak of, in its own order."""
        return tuple(dict.fromkeys(section.domain for section in self.whole if section.graded))

    def length(self, kind: str, *, brief: bool = False) -> int:
        """How many questions a kind of service is asked, the three lists at the end of a section not counted."""
        return sum(question.counts for question in self.questions(kind, brief=brief))

    def _asked(self, section: Section, kind: str, brief: bool, graded: bool) -> Section:
        chosen = [q for q in section.questions if self._meant(q, kind, brief)]
        if not graded:
            chosen = [replace(q, options=()) if q.type == "grade" else q for q in chosen]
        return replace(section, questions=tuple(chosen))

    def _meant(self, question: Question, kind: str, brief: bool) -> bool:
        if question.retired:
            return False
        if brief:
            grade = f"{question.section}-grade"
            return (grade if question.points else question.key) in self.brief
        if question.key in self.dropped.get(kind, ()):
            return False
        own = question.key in self.added.get(kind, ())
        return own or not any(question.key in keys for keys in self.added.values())


def _numbered(section: Section, place: int) -> Section:
    questions = tuple(replace(q, number=f"{place}.{n}") for n, q in enumerate(section.questions, 1))
    return replace(section, number=place, questions=questions)


def read(raw: Mapping[str, Any]) -> Document:
    """The document that a stored version holds; call `candour.tools.format.faults` first on one not yet published."""
    sections = [_section(one, raw) for one in raw["sections"]]
    variants = raw.get("variants") or {}
    return Document(
        code=raw["code"],
        name=raw["name"],
        number=raw.get("number", 1),
        minutes=raw.get("minutes", 0),
        about=raw.get("about", ""),
        whole=tuple(sections),
        dropped={kind: frozenset((v or {}).get("drop") or ()) for kind, v in variants.items()},
        added={kind: frozenset(q["key"] for q in (v or {}).get("add") or ()) for kind, v in variants.items()},
        brief=frozenset((raw.get("brief") or {}).get("keep") or ()),
        use=raw.get("use", "return"),
    )


def _section(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Section:
    key, domain = raw["key"], raw["domain"]
    extra = [
        question
        for _, variant in sorted((document.get("variants") or {}).items())  # a database keeps no order of names
        for question in (variant or {}).get("add") or ()
        if question["section"] == key
    ]
    asked = [*(raw.get("questions") or ()), *extra]
    questions = [*(_question(one, key, domain) for one in asked), *_closing(raw)]
    if raw.get("when"):
        questions = [replace(question, when=(_when(raw["when"]), *question.when)) for question in questions]
    return Section(key, raw["title"], domain, guidance=raw.get("guidance", ""), questions=tuple(questions))


def _when(raw: Mapping[str, Any]) -> When:
    return When(raw["question"], frozenset(raw["is"]))


def _options(raw: Mapping[str, Any], *, retired: bool) -> tuple[Option, ...]:
    return tuple(
        Option(one["key"], one["label"], one.get("hint", ""))
        for one in raw.get("options") or ()
        if bool(one.get("retired")) is retired
    )


def _question(raw: Mapping[str, Any], section: str, domain: str) -> Question:
    options = {"yes-partly-no": YES_PARTLY_NO, "date": NO_DATE, "number": NO_DATE}.get(raw["type"], {})
    return Question(
        key=raw["key"],
        type=raw["type"],
        prompt=raw["ask"],
        section=section,
        domain=domain,
        hint=raw.get("hint", ""),
        options=_options(raw, retired=False) or tuple(Option(key, label) for key, label in options.items()),
        optional=bool(raw.get("optional")),
        unit=raw.get("unit", ""),
        when=(_when(raw["when"]),) if raw.get("when") else (),
        past=_options(raw, retired=True),
        retired=bool(raw.get("retired")),
    )


def _closing(raw: Mapping[str, Any]) -> Iterator[Question]:
    """What ends a graded section: the grade with its reason, and the three lists of points, one a line."""
    grade = raw.get("grade")
    if not grade:
        return
    key, domain, told = raw["key"], raw["domain"], grade["descriptors"]
    options = tuple(Option(name, label, told.get(name, "")) for name, label in GRADES.items())
    yield Question(f"{key}-grade", "grade", grade["ask"], key, domain, hint=grade.get("hint", ""), options=options)
    for kind, prompt in POINTS.items():
        yield Question(f"{key}-{kind}", "points", prompt, key, domain, optional=True, points=kind)


def condition(question: Question, others: Iterable[Question]) -> str:
    """When a question is asked, in words: “Only if 1.4 is answered “Yes” or “Partly”.”"""
    known = {one.key: one for one in others}
    told = []
    for when in question.when:
        gate = known.get(when.question)
        every = [*gate.options, *gate.past] if gate else []
        said = " or ".join(f"“{option.label}”" for option in every if option.key in when.among)
        told.append(f"{gate.number if gate else when.question} is answered {said}")
    return f"Only if {' and '.join(told)}." if told else ""


def label_of(question: Question, choice: str) -> str:
    """What a chosen answer is called, also one that the tool no longer offers; one it never had is shown by its key."""
    return next((option.label for option in (*question.options, *question.past) if option.key == choice), choice)
