"""Names and addresses that are held, looked for exactly and nearly."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from candour.kernel.detail.held import Identity, Kind, Span
from candour.kernel.detail.words import (
    ALIKE,
    MONTHS,
    ORDINARY,
    ORDINARY_NAMES,
    ORGANISATION,
    PARTICLES,
    PERSON_VERB,
    STREET,
    words,
)

EXACT = "This is a name held for a person in this audit."
SHORT = "This is a short or other form of a name held for a person in this audit."
NEAR = "This is one or two letters away from a name held for a person in this audit."
INITIALS = "These are the initials of a person in this audit."
ADDRESS = "This is a street where a person in this audit is recorded as living."
SCHOOL = "This is a school or practice that is recorded for a person in this audit."
LIKE_ADDRESS = "This reads like the address of a house."

TOKEN = re.compile(r"(?<!\w)[^\W\d_]+(?:['’ʼ][^\W\d_]+)*", re.UNICODE)
MONTH_BEFORE = words(
    "in since by until till from between of early late mid last next during and to through before after "
    "this that the a each every around about or is was are"
)
_NOT_ABOUT_A_PERSON = re.compile(r"(?:is|was) (?:not )?(?:an?|the|what|that|high|low|good) |has it\b")
_AND_THEIRS = re.compile(r"and (?:her|his|their|the children)\b")
CUE = (
    r"(?:[Cc]hild|[Bb]aby|[Mm]other|[Ff]ather|[Ss]ibling|[Bb]rother|[Ss]ister|[Bb]oy|[Gg]irl|[Ii]nitials|known as"
    r"|called)"
)


@dataclass(frozen=True)
class Token:
    raw: str
    folded: str
    start: int
    end: int
    begins: bool  # the first word of a sentence

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper()

    @property
    def possessive(self) -> bool:
        return self.raw[-2:] in ("'s", "’s") and len(self.raw) > 2


@dataclass(frozen=True)
class Names:
    """The parts of everybody's names, and the pairs of initials, of one audit."""

    given: frozenset[str]
    family: frozenset[str]
    initials: frozenset[str]

    @property
    def parts(self) -> frozenset[str]:
        return self.given | self.family


def fold(word: str) -> str:
    """The word in small letters without accents and apostrophes, so that spellings compare."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return re.sub(r"['’ʼ]", "", plain.translate(_UNDECOMPOSED)).casefold()


_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss"})


def tokens(text: str, form: re.Pattern[str] = TOKEN) -> list[Token]:
    """The words of a text with their positions; a possessive ending is left off the compared form."""
    found = []
    for match in form.finditer(text):
        raw = match.group()
        stem = raw[:-2] if raw[-2:] in ("'s", "’s") and len(raw) > 2 else raw
        before = text[: match.start()].rstrip(" \t\"'“‘(*–—-•")
        begins = not before or before[-1] in ".!?:\n"
        end = match.start() + len(stem)
        found.append(Token(raw, fold(stem), match.start(), end, begins))
    return found


def names_of(held: tuple[Identity, ...]) -> Names:
    """Every part of every name held, told apart into given and family names."""
    given: set[str] = set()
    family: set[str] = set()
    initials: set[str] = set()
    for person in held:
        for name in person.names:
            first, last = _halves(name)
            given.update(first)
            family.update(last)
            if first and last:
                initials.update(f"{g[0]}{last[0][0]}" for g in first[:1])
    return Names(frozenset(given), frozenset(family), frozenset(initials))


def _halves(name: str) -> tuple[list[str], list[str]]:
    if "," in name:
        last, first = (_words(half) for half in name.split(",", 1))
        return first, last
    chunks = name.split()
    if len(chunks) < 2:
        return _words(name), []
    return _words(" ".join(chunks[:-1])), _words(chunks[-1])


def _words(text: str) -> list[str]:
    return [w for w in (fold(m.group()) for m in TOKEN.finditer(text)) if len(w) > 1 and w not in PARTICLES]


@lru_cache(maxsize=20_000)
def distance(left: str, right: str, most: int = 2) -> int:
    """How many letters must be changed, added, left out or swapped; more than `most` is not told apart."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        this = [i]
        for j, b in enumerate(right, start=1):
            cost = min(row[j] + 1, this[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            this.append(cost)
        before, row = row, this
    return row[-1]


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The consonants as they sound, so that a name written down by ear is known again."""
    word = re.sub(r"c(?=[eiy])", "s", word).replace("ph", "f").replace("ck", "k")
    word = word.translate(str.maketrans("cqzy", "kksi"))
    first = "a" if word[0] in "aeiou" else word[0]
    return re.sub(r"(.)\1+", r"\1", first + re.sub(r"[aeiouh]", "", word[1:]))


def is_near(word: str, name: str) -> bool:
    """A misspelling: one letter in names of four to seven, two in longer ones; the beginning must agree."""
    if word == name or len(name) < 4 or len(word) < 4:
        return False
    if len(sound(name)) >= 4 and sound(word) == sound(name) and distance(word, name, 3) <= 3:
        return True
    if word[0] != name[0] and word[:2] != name[1::-1]:
        return len(name) >= 6 and distance(word[1:], name[1:], 1) == 0
    most = 1 if len(name) < 8 else 2
    return distance(word, name, most) <= most


class Reader:
    """Looks through one text for the names of an audit."""

    def __init__(self, text: str, names: Names, ordinary: frozenset[str]):
        self.text = text
        self.names = names
        self.ordinary = ordinary
        self.tokens = tokens(text)

    def spans(self) -> Iterator[Span]:
        marks = [self._how(i) for i in range(len(self.tokens))]
        marks = [how or self._beside(i, marks) for i, how in enumerate(marks)]
        i = 0
        while i < len(marks):
            if not marks[i]:
                i += 1
                continue
            j = i
            while j + 1 < len(marks) and marks[j + 1] and self._touch(j):
                j += 1
            whys = [m for m in marks[i : j + 1] if m]
            why = min(whys, key=[EXACT, SHORT, NEAR].index)
            start, end = self._with_initials(self.tokens[i].start, self.tokens[j].end)
            yield Span(start, end, Kind.NAME, why, 3)
            i = j + 1
        yield from self._initials()

    def _how(self, i: int) -> str:
        token = self.tokens[i]
        word = token.folded
        if len(word) < 2:
            return ""
        if word in self.names.parts:
            return EXACT if self._is_name_here(i, EXACT) else ""
        if not token.capital:
            return ""
        if any(word in ALIKE.get(name, ()) for name in self.names.given):
            return SHORT if self._is_name_here(i, SHORT) else ""
        if word in self.ordinary:
            return ""
        if len(word) >= 3 and any(name.startswith(word) for name in self.names.given):
            return SHORT if not token.begins or len(word) >= 4 or self._person_follows(i) else ""
        if any(word in (name + ending for ending in ("o", "y", "ie", "ey", "z", "s")) for name in self.names.given):
            return SHORT
        if any(is_near(word, name) for name in self.names.parts):
            return NEAR if not token.begins or self._person_follows(i) or len(word) >= 6 else ""
        return ""

    def _beside(self, i: int, marks: list[str]) -> str:
        """A small-letter misspelling counts when it stands next to another part of a name."""
        token = self.tokens[i]
        neighbours = [n for n in (i - 1, i + 1) if 0 <= n < len(marks) and marks[n] and self._touch(min(n, i))]
        if not neighbours or token.folded in self.ordinary:
            return ""
        return NEAR if any(is_near(token.folded, name) for name in self.names.parts) else ""

    def _is_name_here(self, i: int, how: str) -> bool:
        token = self.tokens[i]
        if token.folded not in ORDINARY:
            return token.capital or (how == EXACT and len(token.folded) >= 4)
        beside_name = any(
            0 <= n < len(self.tokens)
            and self._touch(min(n, i))
            and self.tokens[n].capital
            and self.tokens[n].folded in self.names.parts
            and self.tokens[n].folded not in ORDINARY_NAMES
            for n in (i - 1, i + 1)
        )
        if beside_name:
            return True
        if not token.capital or self._title_follows(i):
            return False
        if token.folded in MONTHS:
            return self._is_not_month(i)
        if token.begins:
            return self._person_follows(i)
        return not self._in_title(i)

    def _in_title(self, i: int) -> bool:
        """Between two other capitalised words an ordinary word belongs to a title."""
        before = self.tokens[i - 1] if i and self._touch(i - 1) else None
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) and self._touch(i) else None
        loud = [t for t in (before, after) if t and t.capital and not t.begins and t.folded not in self.names.parts]
        return bool(loud) and any(t.folded in ORDINARY for t in loud)

    def _title_follows(self, i: int) -> bool:
        if i + 1 >= len(self.tokens) or not self._touch(i):
            return False
        after = self.tokens[i + 1]
        return after.capital and after.folded in ORGANISATION

    def _person_follows(self, i: int) -> bool:
        if self.tokens[i].possessive:
            return True
        if i + 1 >= len(self.tokens) or not self._touch(i):
            return False
        after = self.text[self.tokens[i + 1].start :]
        if _NOT_ABOUT_A_PERSON.match(after):
            return False
        return self.tokens[i + 1].folded in PERSON_VERB or bool(_AND_THEIRS.match(after))

    def _is_not_month(self, i: int) -> bool:
        token = self.tokens[i]
        before = self.text[: token.start].rstrip()
        after = self.text[token.end :].lstrip(" ,")
        if re.search(r"\d(?:st|nd|rd|th)?(?: of)?$", before) or re.match(r"(?:20|19)?\d\d\b", after):
            return False
        if re.match(r"(?:to|and|or|until|–|-) (?:" + "|".join(MONTHS) + r")\b", after, re.IGNORECASE):
            return False
        if i and self.tokens[i - 1].folded in MONTH_BEFORE:
            return False
        return not token.begins or token.possessive or self._person_follows(i)

    def _touch(self, i: int) -> bool:
        gap = self.text[self.tokens[i].end : self.tokens[i + 1].start]
        return bool(re.fullmatch(r"(?:[\s\-‐–,]|['’]s|[\s]?[A-Z]\.?[\s])*", gap)) and gap.count("\n") < 2

    def _with_initials(self, start: int, end: int) -> tuple[int, int]:
        firsts = {part[0] for part in self.names.parts}
        before = re.search(r"(?<![\w.])(?:[A-Z]\.? ?){1,2}$", self.text[:start])
        if before and before.group()[0].lower() in firsts:
            start = before.start()
        after = re.match(r" ([B-HJ-Z])\b\.?(?!\w)", self.text[end:])
        if after and after.group(1).lower() in firsts:
            end += after.end()
        return start, end

    def _initials(self) -> Iterator[Span]:
        letters = {a for pair in self.names.initials for a in pair[:1]}
        for match in re.finditer(r"(?<![\w.])([A-Z])\. ?([A-Z])\.(?!\w)", self.text):
            if (match.group(1) + match.group(2)).lower() in self.names.initials:
                yield Span(match.start(), match.end(), Kind.NAME, INITIALS, 2)
        for match in re.finditer(rf"\b{CUE},? ([A-Z])([A-Z])?\b(?!['’.]?[A-Za-z])", self.text):
            pair = "".join(g for g in match.groups() if g).lower()
            if pair in self.names.initials or pair in letters:
                yield Span(match.start(1), match.end(), Kind.NAME, INITIALS, 2)


_PUBLIC_PLACE = re.compile(
    r"(?:'s|’s)? (?:surgery|clinic|practice|school|station|library|hospital|centre|nursery)\b", re.IGNORECASE
)


def streets_of(held: tuple[Identity, ...]) -> frozenset[tuple[str, ...]]:
    """The street of every address held, as words ending in the kind of street."""
    streets = set()
    for person in held:
        for address in person.addresses:
            for line in re.split(r"[,\n]", address):
                words = [fold(m.group()) for m in TOKEN.finditer(line)]
                if len(words) >= 2 and words[-1] in STREET:
                    streets.add((*words[:-1], STREET[words[-1]]))
                    break
            else:
                lines = [[fold(m.group()) for m in TOKEN.finditer(line)] for line in re.split(r"[,\n]", address)]
                streets.update(tuple(words) for words in lines[:2] if len(words) >= 2 and words[0] != "flat")
    return frozenset(streets)


def schools_held(text: str, held: tuple[Identity, ...]) -> Iterator[Span]:
    """Schools, nurseries and practices recorded for a person of the audit, by their own words."""
    read = tokens(text)
    for name in {name for person in held for name in person.schools}:
        run = [t for t in (fold(m.group()) for m in TOKEN.finditer(name)) if t not in ("the", "and")]
        for i in range(len(read) - len(run) + 1):
            part = read[i : i + len(run)]
            if len(run) > 1 and part[0].capital and [t.folded for t in part] == run:
                yield Span(part[0].start, part[-1].end, Kind.SCHOOL, SCHOOL, 3)


def addresses(text: str, streets: frozenset[tuple[str, ...]]) -> Iterator[Span]:
    """Streets that are held, with or without the house number, and whatever else reads like a house's address."""
    words = tokens(text) if streets else []
    for street in streets:
        for i in range(len(words) - len(street) + 1):
            run = words[i : i + len(street)]
            if all(_same_street_word(t, part) for t, part in zip(run, street, strict=True)) and run[0].capital:
                start = run[0].start
                if _PUBLIC_PLACE.match(text[run[-1].end :]):
                    continue
                if number := re.search(r"(?<!\w)(?:[Ff]lat \d+\w?,? )?\d+[A-Za-z]?,? $", text[:start]):
                    start = number.start()
                yield Span(start, run[-1].end, Kind.ADDRESS, ADDRESS, 4)
    kinds = "|".join(k.capitalize() for k in STREET if k not in ("house", "view", "green", "rise"))
    pattern = rf"(?<![\w/])(?:Flat \d+\w?,? )?\d{{1,4}}[A-Za-z]?,? (?:[A-Z][a-z’']+ ){{1,3}}(?:{kinds})\b"
    for match in re.finditer(pattern, text):
        yield Span(match.start(), match.end(), Kind.ADDRESS, LIKE_ADDRESS, 2)


def _same_street_word(token: Token, part: str) -> bool:
    if STREET.get(token.folded, token.folded) == part:
        return True
    return len(part) >= 5 and part not in STREET.values() and is_near(token.folded, part)
