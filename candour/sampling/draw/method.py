"""Candour Draw 1: a random choice of cases that nobody can steer and anybody can run again.

Bytes in, bytes out; no database, no clock, no randomness but new_ref and new_salt.
The whole method is written out in docs/reference/draw.md.
"""

import hashlib
import itertools
import math
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

METHOD = "candour-draw/1"
ALL = "all"  # the one group that a plain draw has
NOTICE = timedelta(minutes=10)  # a beacon's round must lie at least so far ahead
GENESIS, PERIOD = 1692803367, 3  # drand quicknet
KEY_BITS = 256  # the seed is hashed to so many: no source can carry more into the draw
BEACON = "drand-quicknet"
DICE = "dice"
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"  # quicknet's own name
RELAYS = ("https://api.drand.sh", "https://api2.drand.sh", "https://drand.cloudflare.com")

_STRATUM = re.compile(r"[A-Za-z0-9-]{1,20}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_COHORT = re.compile(rb"(?:[A-Za-z0-9-]{1,20}\t[A-Z0-9-]{4,32}\n)++")
_SOURCE = re.compile(r"drand-quicknet:([1-9][0-9]{0,14}):([0-9a-f]{64})|dice:([0-9]{1,2000})")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Unfit(Exception):
    """A file or number that the draw cannot stand on; str() is a sentence for the user."""


@dataclass(frozen=True)
class Group:
    """How many places and reserves one group of the list has."""

    stratum: str
    places: int
    reserves: int


@dataclass(frozen=True)
class Source:
    """Randomness from outside: a beacon's round with its value, or digits of dice."""

    text: str
    kind: str
    round: int | None
    bits: float


@dataclass(frozen=True)
class Order:
    """One group's refs in the order drawn: the sample first, then the reserves."""

    stratum: str
    places: int
    refs: tuple[str, ...]

    @property
    def sample(self) -> tuple[str, ...]:
        """Give the refs that have a place."""
        return self.refs[: self.places]

    @property
    def reserves(self) -> tuple[str, ...]:
        """Give the refs that wait in line."""
        return self.refs[self.places :]


def fingerprint(content: bytes) -> str:
    """Give the SHA-256 of some bytes as lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()


def new_ref() -> str:
    """Make a random reference that says nothing about the child."""
    value = secrets.randbits(60)
    digits = "".join(_ALPHABET[value >> shift & 31] for shift in range(55, -5, -5))
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def new_salt() -> bytes:
    """Make the 32 random bytes that keep a list's binding from being guessed."""
    return secrets.token_bytes(32)


# The four files -------------------------------------------------------------------------------


def write_cohort(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Write cohort.tsv from pairs of group and ref."""
    return _lines(f"{stratum}\t{ref}" for stratum, ref in pairs)


def write_plan(groups: Iterable[Group]) -> bytes:
    """Write plan.tsv from the groups with their places and reserves."""
    return _lines(f"{group.stratum}\t{group.places}\t{group.reserves}" for group in groups)


def write_binding(salt: bytes, rows: Iterable[tuple[str, bytes]]) -> bytes:
    """Write binding.tsv, which ties each ref to the row it stands for."""
    return _lines(f"{ref}\t{bind(salt, row)}" for ref, row in rows)


def bind(salt: bytes, row: bytes) -> str:
    """Give the digest that ties a ref to its row's bytes as read."""
    return hashlib.sha256(salt + row).hexdigest()


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(lines)).encode("ascii")


def read_cohort(content: bytes) -> dict[str, list[str]]:
    """Read cohort.tsv strictly: the eligible refs of each group."""
    if not _COHORT.fullmatch(content):
        raise Unfit(where(content, _COHORT, "cohort.tsv", "a group, a tab and a reference"))
    lines = content.decode("ascii").splitlines()
    if any(one >= two for one, two in itertools.pairwise(lines)):
        raise Unfit("The lines of cohort.tsv are not sorted, or one stands twice.")
    groups: dict[str, list[str]] = {}
    for line in lines:
        stratum, ref = line.split("\t")
        groups.setdefault(stratum, []).append(ref)
    if len(set().union(*groups.values())) != len(lines):
        raise Unfit("A reference stands in more than one group of cohort.tsv.")
    return groups


def read_plan(content: bytes) -> list[Group]:
    """Read plan.tsv strictly: places and reserves of each group."""
    try:
        lines = content.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Unfit("plan.tsv holds something other than plain ASCII text.") from None
    groups = []
    for number, line in enumerate(lines[:-1], 1):
        cells = line.split("\t")
        if len(cells) != 3 or not _STRATUM.fullmatch(cells[0]) or not all(map(_NUMBER.fullmatch, cells[1:])):
            raise Unfit(f"Line {number} of plan.tsv is not a group, its places and its reserves, with tabs between.")
        groups.append(Group(cells[0], int(cells[1]), int(cells[2])))
    if not groups or lines[-1]:
        raise Unfit("plan.tsv is empty, or its last line does not end.")
    if lines[:-1] != sorted(lines[:-1]) or len({group.stratum for group in groups}) != len(groups):
        raise Unfit("The lines of plan.tsv are not sorted, or a group stands twice.")
    return groups


def read_source(content: bytes | str) -> Source:
    """Read source.txt strictly: one line with a beacon's round and value, or digits of dice."""
    try:
        text = content.decode("ascii") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        raise Unfit("The public random number holds something other than plain ASCII text.") from None
    text = text.removesuffix("\n")
    found = _SOURCE.fullmatch(text)
    if not found:
        raise Unfit(
            "The public random number is not in one of its two forms: drand-quicknet:ROUND:64 lower-case"
            " hexadecimal digits, or dice:DIGITS."
        )
    if found[1]:
        return Source(text, BEACON, int(found[1]), 256.0)
    return Source(text, DICE, None, len(found[3]) * math.log2(10))


def where(content: bytes, pattern: re.Pattern[bytes], name: str, form: str) -> str:
    """Say which line of a file is not in its form."""
    start = pattern.match(content)
    line = content[: start.end() if start else 0].count(b"\n") + 1
    return f"Line {line} of {name} is not {form}, ended by a line feed." if content else f"{name} is empty."


# Places ---------------------------------------------------------------------------------------


def share_out(places: int, sizes: Mapping[str, int], *, equal: bool = False) -> dict[str, int]:
    """Share places over groups in proportion to their size, or equally; never more than a group has."""
    if places > sum(sizes.values()):
        raise Unfit(f"There are {sum(sizes.values())} children in the list: {places} places are too many.")
    shares = dict.fromkeys(sizes, 0)
    while (left := places - sum(shares.values())) > 0:
        room = {name: size - shares[name] for name, size in sizes.items() if size > shares[name]}
        weights = dict.fromkeys(room, 1) if equal else {name: sizes[name] for name in room}
        for name, share in _largest_remainder(left, weights).items():
            shares[name] += min(share, room[name])
    return shares


def _largest_remainder(places: int, weights: Mapping[str, int]) -> dict[str, int]:
    total = sum(weights.values())
    shares = {name: places * weight // total for name, weight in weights.items()}
    by_rest = sorted(weights, key=lambda name: (-(places * weights[name] % total), name.encode()))
    for name in by_rest[: places - sum(shares.values())]:
        shares[name] += 1
    return shares


def bits_needed(sizes: Mapping[str, int], groups: Iterable[Group]) -> float:
    """Give log2 of the number of samples that the plan makes possible."""
    return sum(_log2_choices(sizes[group.stratum], group.places) for group in groups)


def _log2_choices(size: int, places: int) -> float:
    if places > size:
        return 0.0
    ways = math.comb(size, places) if min(places, size - places) <= 4000 else 0
    if ways:
        return math.log2(ways)
    return (math.lgamma(size + 1) - math.lgamma(places + 1) - math.lgamma(size - places + 1)) / math.log(2)


def dice_needed(bits: float) -> int:
    """Give the number of ten-sided dice that carry so many bits."""
    return math.ceil(min(bits, KEY_BITS) / math.log2(10))


def round_at(instant: datetime) -> int:
    """Give the beacon's round that is current at an instant."""
    return math.floor((instant.timestamp() - GENESIS) / PERIOD) + 1


def round_time(number: int) -> datetime:
    """Give the instant at which a round of the beacon comes out."""
    return datetime.fromtimestamp(GENESIS + (number - 1) * PERIOD, tz=UTC)


def check_plan(cohort: Mapping[str, Sequence[str]], groups: Sequence[Group]) -> None:
    """Refuse a plan that asks for groups or children that the list does not have."""
    if strangers := sorted({group.stratum for group in groups} ^ set(cohort)):
        raise Unfit(f"The plan and the list do not have the same groups: {strangers[0]} stands in only one of them.")
    for group in groups:
        if group.places + group.reserves > (size := len(cohort[group.stratum])):
            wanted = f"{group.places} places and {group.reserves} reserves"
            raise Unfit(f"The group {group.stratum} has {size} children, too few for {wanted}.")
    if not any(group.places for group in groups):
        raise Unfit("The plan has no place in it.")


def check_bits(source: Source, needed: float) -> None:
    """Refuse a source that carries fewer bits than the plan needs."""
    floor = min(needed, KEY_BITS)
    if source.bits < floor:
        raise Unfit(
            f"The public random number carries {source.bits:.1f} bits; this plan needs at least {floor:.1f},"
            f" that is {dice_needed(floor)} digits from ten-sided dice."
        )


# The draw -------------------------------------------------------------------------------------


def seed(cohort: bytes, plan: bytes, source: str) -> str:
    """Write the text that everything random in the draw comes from."""
    return f"{METHOD}\n{fingerprint(cohort)}\n{fingerprint(plan)}\n{source}\n"


def key_of(cohort: bytes, plan: bytes, source: str) -> str:
    """Give the key of a draw: the fingerprint of its seed."""
    return fingerprint(seed(cohort, plan, source).encode("ascii"))


def ticket(key: str, ref: str) -> str:
    """Give a ref's ticket, compared as text."""
    return f"{int(fingerprint((key + ref).encode('ascii')), 16):064d}"[::-1]


def draw(cohort: bytes, plan: bytes, source: bytes | str) -> list[Order]:
    """Draw: put each group's refs in the order of their tickets and give the places and reserves of the plan."""
    strata, groups, outside = read_cohort(cohort), read_plan(plan), read_source(source)
    check_plan(strata, groups)
    check_bits(outside, bits_needed({name: len(refs) for name, refs in strata.items()}, groups))
    started = hashlib.sha256(key_of(cohort, plan, outside.text).encode("ascii"))

    def by_ticket(ref: str) -> str:
        digest = started.copy()
        digest.update(ref.encode("ascii"))
        return f"{int.from_bytes(digest.digest(), 'big'):064d}"[::-1]

    return [
        Order(
            group.stratum,
            group.places,
            tuple(sorted(strata[group.stratum], key=by_ticket)[: group.places + group.reserves]),
        )
        for group in groups
    ]


def print_draw(orders: Iterable[Order], between: str = " ") -> str:
    """Write a draw out line by line: group, sample or reserve, place, ref."""
    return "".join(
        f"{order.stratum}{between}{'sample' if place < order.places else 'reserve'}{between}{place + 1}{between}{ref}\n"
        for order in orders
        for place, ref in enumerate(order.refs)
    )


def write_result(orders: Iterable[Order]) -> bytes:
    """Write result.tsv: the lines of the check with tabs between."""
    return print_draw(orders, "\t").encode("ascii")
