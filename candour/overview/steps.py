"""The seven steps in their order, each with the right that opens its page."""

from dataclasses import dataclass
from typing import Any

from candour.access.policy import Can, allows
from candour.appraisal import queries as appraisal
from candour.concerns import queries as concerns
from candour.discussion import queries as discussion
from candour.families import queries as families
from candour.focus import queries as focus
from candour.impact import queries as impact
from candour.involvement import queries as involvement
from candour.kernel.tasks import Stage
from candour.learning import queries as learning
from candour.retention import queries as retention
from candour.sampling import queries as sampling


@dataclass(frozen=True)
class Step:
    """One step of an audit: its name, who tells about it, and who may open its page."""

    name: str
    told_by: Any
    opens: Can


@dataclass(frozen=True)
class Shown:
    """A step as the audit's page shows it to one person."""

    name: str
    state: str
    figures: str
    url: str


@dataclass(frozen=True)
class Next:
    """The one next act of an audit: in words, where, and what the button says."""

    text: str
    url: str
    button: str


STEPS = (
    Step("Focus", focus, Can.SEE_AUDIT),
    Step("Sampling", sampling, Can.SEE_DRAW),
    Step("Involvement", involvement, Can.SEE_GRID),
    Step("Appraisal", appraisal, Can.SEE_RETURNS),
    Step("Discussion", discussion, Can.SEE_BOARD),
    Step("Learning", learning, Can.SEE_LEARNING),
    Step("Impact", impact, Can.SEE_ACTIONS),
)


def stages(audit: Any) -> list[tuple[Step, Stage]]:
    """How far each step of an audit is."""
    return [(step, step.told_by.stage(audit)) for step in STEPS]


def shown(told: list[tuple[Step, Stage]], user: Any, audit: Any, *, figures: bool) -> list[Shown]:
    """The steps as one person sees them: linked where they may open the page, in figures where those are for them."""
    rows = [(step, stage, allows(user, step.opens, audit)) for step, stage in told]
    return [
        Shown(step.name, stage.state, stage.figures if figures or may else "", stage.url if may else "")
        for step, stage, may in rows
    ]


def next_act(told: list[tuple[Step, Stage]]) -> Next | None:
    """The one next act: that of the earliest step under way, else of the earliest to come."""
    for state in ("now", "todo"):
        for step, stage in told:
            if stage.state == state and stage.next_text:
                text = stage.next_text[0].upper() + stage.next_text[1:]
                return Next(text, stage.next_url or stage.url, f"Go to {step.name.lower()}")
    return None


def tellers() -> list[Any]:
    """Whoever tells what a person must do; a child who may be unsafe comes first, what is removed by itself last."""
    return [concerns, *(step.told_by for step in STEPS), families, retention]
