"""The disclosure check measured on passages of practice prose, and held to what was measured."""

import datetime
import re
import time
from pathlib import Path

import pytest

from candour.learning.disclosure import Identity, Kind, Setting, check

CORPUS = Path(__file__).parent / "corpus"
MARK = re.compile(r"\[\[([a-z-]+)\|(.*?)\]\]")

HELD = (
    Identity(
        names=("Tyrell Okonkwo", "Ty Bell"),
        born=(datetime.date(2015, 3, 12),),
        addresses=("14 Larch Close, Northmere NM4 2QX",),
        numbers=("943 476 5919", "R201100018042", "0045821"),
    ),
    Identity(names=("Grace Okonkwo",), born=(datetime.date(1988, 7, 4),), emails=("grace.okonkwo@hotmail.co.uk",)),
    Identity(names=("Emmanuel Bell",)),
    Identity(
        names=("Aoife Ní Bhriain",),
        born=(datetime.date(2018, 11, 2),),
        addresses=("Flat 3, The Maltings, Northmere NM1 5TD",),
    ),
    Identity(names=("Oisín Ní Bhriain", "Siobhán Ní Bhriain")),
    Identity(
        names=("May Brown",), born=(datetime.date(2024, 5, 21),), addresses=("27 Station Road, Northmere NM2 7HJ",)
    ),
    Identity(names=("Hope Brown",)),
    Identity(names=("Mark Young",)),
    Identity(
        names=("Muhammad Abdul Rahman",), born=(datetime.date(2012, 9, 30),), addresses=("8 Priory Gardens, Northmere",)
    ),
    Identity(names=("Fatimah Rahman", "Nasreen Akhtar")),
    Identity(
        names=("Katarzyna Wiśniewska", "Kasia"),
        born=(datetime.date(2010, 1, 17),),
        addresses=("101A Harbour View Terrace",),
    ),
    Identity(names=("Łukasz Wiśniewski",)),
    Identity(names=("Jayden-Lee Smith",), born=(datetime.date(2016, 6, 15),), addresses=("5 Mill Lane, Northmere",)),
    Identity(names=("Samantha Smith", "Dean Carter")),
    Identity(names=("Zoë O'Connor", "Elizabeth O'Connor"), born=(datetime.date(2019, 2, 28),)),
    Identity(names=("Chidera Nwosu",), born=(datetime.date(2009, 12, 24),), numbers=("T20110001804V",)),
)
SETTING = Setting(today=datetime.date(2026, 11, 23), held=HELD, children=8, contact_places=frozenset({"contacts"}))


def passages(name):
    """Each passage: where it stands, its text without marks, and the marked places as (start, end, kind)."""
    for line in (CORPUS / name).read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        place = "contacts" if line.startswith("@contacts ") else "works"
        line = line.removeprefix("@contacts ")
        text, wanted, at = "", [], 0
        for match in MARK.finditer(line):
            text += line[at : match.start()]
            wanted.append((len(text), len(text) + len(match[2]), match[1]))
            text, at = text + match[2], match.end()
        yield place, text + line[at:], wanted


def measure(name):
    """(marks found, marks, passages wrongly flagged, passages without a mark, the misses, the false alarms)."""
    found = marks = wrong = clean = 0
    misses, alarms = [], []
    for place, text, wanted in passages(name):
        got = check({place: text}, SETTING)
        hit = {w for w in wanted for f in got if f.start < w[1] and f.end > w[0]}
        extra = [f for f in got if not any(f.start < w[1] and f.end > w[0] for w in wanted)]
        found, marks = found + len(hit), marks + len(wanted)
        misses += [f"{w[2]}: {text[w[0] : w[1]]!r} in {text!r}" for w in wanted if w not in hit]
        alarms += [f"{f.kind}: {text[f.start : f.end]!r} in {text!r}" for f in extra]
        if not wanted:
            clean += 1
            wrong += bool(extra)
    return found, marks, wrong, clean, misses, alarms


@pytest.mark.parametrize(
    ("name", "least_recall", "most_alarms"), [("seen.txt", 0.98, 0.03), ("unseen.txt", 0.92, 0.08)]
)
def test_recall_and_false_alarms_hold(name, least_recall, most_alarms, capsys):
    found, marks, wrong, clean, misses, alarms = measure(name)
    with capsys.disabled():
        print(
            f"\n{name}: {found} of {marks} marked places found ({found / marks:.1%}); "
            f"{wrong} of {clean} harmless passages flagged ({wrong / clean:.1%})"
        )
        for line in [*(f"  missed   {m}" for m in misses), *(f"  alarm    {a}" for a in alarms)]:
            print(line)
    assert found / marks >= least_recall
    assert wrong / clean <= most_alarms


def kinds(text, setting=SETTING, place="works"):
    return [f.kind for f in check({place: text}, setting)]


def test_a_finding_tells_where_and_why_and_never_what():
    text = "Tyrell Okonkwo of 14 Larch Close, NHS number 943 476 5919, born 12 March 2015."
    found = check({"works": text}, SETTING)
    assert [f.kind for f in found] == [Kind.NAME, Kind.ADDRESS, Kind.NHS, Kind.BIRTH]
    for finding in found:
        assert set(vars(finding)) == {"place", "start", "end", "kind", "why"}
        for word in ("Tyrell", "Okonkwo", "Larch", "943", "March 2015", "12"):
            assert word not in finding.why


def test_the_same_words_name_nobody_where_nobody_of_that_name_is_held():
    stranger = Setting(today=SETTING.today, held=(Identity(names=("Priya Anand",)),), children=8)
    assert kinds("Tyrell Okonkwo told Grace that Mark had gone.", stranger) == []
    assert kinds("Prya Anand was seen.", stranger) == [Kind.NAME]


@pytest.mark.parametrize(
    ("text", "children", "flagged"),
    [
        ("Three children were seen.", 8, True),
        ("Eight children were seen.", 8, False),
        ("Nine children were seen.", 8, False),
        ("Nine children were seen.", 60, True),
        ("Fifteen children were seen.", 60, False),
        ("Fifty-seven children: 57 of the 60 were seen.", 60, True),
        ("12.5% of the children were seen.", 8, True),
        ("12.5% of the children were seen.", 60, False),
        ("12% of the children were seen.", 60, True),
        ("50% of the children were seen.", 60, False),
        ("95% of the children were seen.", 60, True),
    ],
)
def test_a_count_is_small_beside_the_audits_own_total(text, children, flagged):
    setting = Setting(today=SETTING.today, children=children)
    assert bool(kinds(text, setting)) == flagged


def test_a_date_to_come_is_a_deadline_and_a_date_gone_is_a_detail():
    text = "The minutes go out by 3 June 2026."
    assert kinds(text, Setting(today=datetime.date(2026, 6, 2))) == []
    assert kinds(text, Setting(today=datetime.date(2026, 6, 4))) == [Kind.DATE]


@pytest.mark.parametrize(
    "slip", ["Okonwko", "Okonko", "Okonkwoo", "Okomkwo", "Ocankwo", "okonkwo", "OKONKWO", "Okonkwó"]
)
def test_one_slip_in_a_name_does_not_hide_it(slip):
    assert kinds(f"The home of {slip} was visited.") == [Kind.NAME]


@pytest.mark.parametrize(
    "word", ["grass", "Marked", "Browning", "hopeful", "Mayor", "bellows", "Larchwood", "youngster"]
)
def test_a_name_inside_a_word_is_no_name(word):
    assert kinds(f"It was {word} that people spoke of.") == []


def test_a_long_briefing_is_read_in_no_time():
    text = " ".join(text for _, text, _ in passages("seen.txt"))
    began = time.process_time()
    check({"works": text * 3}, SETTING)
    assert time.process_time() - began < 5


def test_a_school_or_practice_that_is_held_is_known_again():
    setting = Setting(today=SETTING.today, held=(Identity(schools=("Eastfield Primary School", "Larch Practice")),))
    assert kinds("Eastfield Primary wrote to the Larch Practice.", setting) == [Kind.SCHOOL]
    assert kinds("Eastfield Primary School answered.", setting) == [Kind.SCHOOL]
