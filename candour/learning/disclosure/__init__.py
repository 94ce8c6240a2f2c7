"""The disclosure check: where a text may name a child. Pure: texts and identities in, positions out.

It helps the two people who read a briefing before it is public; it does not make a text anonymous.
"""

from candour.kernel.detail.held import Found, Identity, Kind, Setting, Span, Texts
from candour.kernel.detail.names import Reader, addresses, names_of, schools_held, streets_of, tokens
from candour.kernel.detail.patterns import ages, dates, numbers, reach, schools
from candour.kernel.detail.words import ORDINARY
from candour.learning.disclosure.counts import counts, shares

__all__ = ["Found", "Identity", "Kind", "Setting", "check"]


def check(texts: Texts, setting: Setting) -> list[Found]:
    """Every place in the texts where personal detail may stand, in reading order."""
    names, streets = names_of(setting.held), streets_of(setting.held)
    parts = names.parts
    lower = {t.folded for text in texts.values() for t in tokens(text) if not t.capital}
    ordinary = ORDINARY | (lower - parts)
    found: list[Found] = []
    for place, text in texts.items():
        contacts = place in setting.contact_places
        spans = [
            *Reader(text, names, ordinary).spans(),
            *addresses(text, streets),
            *numbers(text, setting),
            *reach(text, setting, contacts),
            *dates(text, setting),
            *ages(text),
            *schools(text),
            *schools_held(text, setting.held),
            *counts(text, setting.children),
            *shares(text, setting.children),
        ]
        found += [Found(place, s.start, s.end, s.kind, s.why) for s in _without_overlaps(spans)]
    return found


def _without_overlaps(spans: list[Span]) -> list[Span]:
    """Of places that overlap, the one of most weight, then the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.weight, s.start - s.end, s.start)):
        if all(span.end <= k.start or span.start >= k.end for k in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
