"""What reads like a name or identifies somebody, where no identity may be looked at: by the form of the words alone."""

import re
from collections.abc import Iterator
from datetime import date

from candour.kernel.detail.held import Kind, Setting, Span
from candour.kernel.detail.names import Token, addresses, tokens
from candour.kernel.detail.patterns import numbers, reach
from candour.kernel.detail.words import ALIKE, MONTHS, ORDINARY, ORDINARY_NAMES, ORGANISATION, PERSON_VERB, words

SEEMS = "This reads like a name."
TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|PC|DC|DS|DI|PS|Sgt|Sergeant|WPC|PCSO|Constable|Sister|Nurse|Rev)\.? "
    r"(?P<name>[A-Z][A-Za-z’'\-]+(?:[ \-][A-Z][a-z’']+)?)"
)
NOBODY = frozenset(
    words("""
    universal credit graded profile signs genogram chronology core barnardo barnardos nspcc childline operation
    encompass claire clare clares sarahs child's children's women's team's protective section strategic analysis
    assessor duty early english welsh british european mosaic systmone rio carefirst emis niche athena cpoms
    facebook instagram snapchat whatsapp tiktok microsoft teams google youtube
    """)
)
CAPITAL = re.compile(r"(?<!\w)(?=[^\W\d_a-z])[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
FORM_ALONE = Setting(today=date.min)
PERSON = re.compile(r" (?:family|household|" + "|".join(sorted(PERSON_VERB)) + r")\b")
NO_NAME = (ORDINARY - ORDINARY_NAMES) | ORGANISATION | NOBODY | frozenset(MONTHS)


def guess(text: str) -> list[Span]:
    """Each place where a text seems to name a person or holds what identifies one, in reading order."""
    spans = [
        *_names(text),
        *numbers(text, FORM_ALONE),
        *reach(text, FORM_ALONE, contacts=False),
        *addresses(text, frozenset()),
    ]
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _names(text: str) -> Iterator[Span]:
    for match in TITLE.finditer(text):
        if match["name"].split()[0].casefold() not in NO_NAME:
            yield Span(match.start(), match.end(), Kind.NAME, SEEMS)
    read = tokens(text, CAPITAL)
    for place, token in enumerate(read):
        after = read[place + 1] if place + 1 < len(read) and _touch(text, token, read[place + 1]) else None
        if not _could_be(token) or (after and after.folded in ORGANISATION):
            continue
        if after and _could_be(after) and not (token.begins and token.folded in ORDINARY):
            yield Span(token.start, after.end, Kind.NAME, SEEMS)
        elif token.folded in ORDINARY:
            continue
        elif token.folded in ALIKE or token.possessive or _acts(text, token):
            yield Span(token.start, token.end, Kind.NAME, SEEMS)


def _could_be(token: Token) -> bool:
    return token.capital and len(token.folded) > 1 and not token.raw.isupper() and token.folded not in NO_NAME


def _acts(text: str, token: Token) -> bool:
    return not token.begins and bool(PERSON.match(text, token.start + len(token.raw)))


def _touch(text: str, first: Token, second: Token) -> bool:
    return bool(re.fullmatch(r"[ \-]", text[first.start + len(first.raw) : second.start]))
