"""What each audit asks, why it was chosen, and for whom. `began` counts working days back from today."""

CORE = ("care", "police", "nurses", "hospital", "surgery", "minds", "school", "lantern")
BASIS = (
    "Public task under the Children Act 2004, sections 10, 11 and 16E to 16H, with the safeguarding condition of the "
    "Data Protection Act 2018, schedule 1. Impact assessment agreed with the three data protection officers; families "
    "are told of audits in each agency’s privacy notice."
)
GROUP = "Quality assurance subgroup"

BRUISING = {
    "title": "Bruises on babies who do not move yet: do we ask for a paediatric opinion?",
    "summary": "Babies under six months with a mark or bruise noted by any service.",
    "who": "Babies under six months with a mark or bruise noted by any service",
    "inclusion": "A mark, bruise or bleed noted in the record of any of the services, whatever was made of it.",
    "lines": (
        "Was the mark described, measured and put on a body map?",
        "Was the explanation tested against what the baby can do?",
        "Was a paediatric opinion asked for the same day?",
        "Were brothers and sisters thought of?",
    ),
    "sources": {
        "practice-review": "The national review on bruising in babies, and one rapid review of our own with the same "
        "finding: the first worker noticed, and the second talked it away.",
        "data": "Three children under six months were admitted with fractures in one year; none had been referred "
        "for the marks seen before.",
    },
    "began": 262,
    "places": 4,
    "services": ("care", "police", "nurses", "hospital", "surgery"),
}

NEGLECT = {
    "title": "Neglect: do we recognise it early, and stay with it?",
    "summary": "Children under twelve whose needs were assessed as neglect, from first worry to what changed for them.",
    "who": "Children under twelve with neglect as the main need at assessment",
    "inclusion": "Main need recorded as neglect at the end of an assessment, and at least two services involved.",
    "lines": (
        "How many worries came before somebody put them together?",
        "What was it like to be this child on an ordinary day?",
        "Did the plan have an end in sight, and what happened when it slipped?",
        "Were fathers, partners and grandparents part of the work?",
        "What is different for the child now?",
    ),
    "sources": {
        "business-plan": "Neglect is the first of our three priorities; the strategy is in its second year.",
        "data": "One child in three who came back onto a plan within two years did so for neglect.",
        "voices": "Young people on the shadow board told us: “They came when it was bad. Nobody came when it was just "
        "always a bit bad.”",
    },
    "began": 150,
    "places": 6,
    "services": ("care", "police", "nurses", "surgery", "minds", "school"),
}

DOMESTIC = {
    "title": "Domestic abuse: do we see the children when the call comes in?",
    "summary": "Children under eight in homes from which the police or another service reported domestic abuse; from "
    "the first call to what was different for them.",
    "who": "Children under eight named in a domestic abuse notification",
    "inclusion": "A notification or referral for domestic abuse in the period, with a child under eight in the home.",
    "lines": (
        "Was every child in the home named, seen and thought of as a victim in their own right?",
        "Were repeated contacts read together, as a pattern?",
        "Was the person who harms kept in view, and asked to change?",
        "Was the time after separation treated as the more dangerous time?",
        "Did health and schools know in time to help?",
    ),
    "sources": {
        "inspection": "The theme of the coming joint inspections, with the youngest children in its sights.",
        "data": "Notifications with a child under five rose by a quarter in a year; strategy meetings did not.",
        "practice-concern": "Midwives and health visitors report that they learn of call-outs by chance.",
        "earlier-audit": "The audit of neglect found domestic abuse in four of six homes, and named in two.",
    },
    "began": 47,
    "places": 6,
    "services": CORE,
}

INJURY = {
    "title": "How well do we respond to physical abuse of young children?",
    "summary": "Children under ten with an injury as the reason for contact. Chosen after the national review and a "
    "local rapid review.",
    "who": "Children under ten with an injury as the reason for contact",
    "inclusion": "An injury, or an account of being hit, as the reason for a contact in the period.",
    "lines": (
        "Was the injury tested against what the child can do and says?",
        "How many hours from mark to referral, to strategy discussion, to examination?",
        "Were police and health both in the discussion?",
        "Were brothers and sisters thought of?",
        "Who stayed in touch with the adult who may have done it?",
    ),
    "sources": {
        "practice-review": "Rapid review of a four-year-old’s broken arm: three explanations in three records.",
        "practice-concern": "Two paediatricians wrote to us about examinations that were asked for too late in the day.",
    },
    "began": 30,
    "places": 6,
    "services": ("care", "police", "nurses", "hospital", "surgery", "school"),
}

PARENTS = {
    "title": "When a parent is mentally unwell: does adult care think of the child?",
    "summary": "Children under eleven with a parent in the care of adult mental health services.",
    "who": "Children under eleven with a parent in the care of adult mental health services",
    "inclusion": "A parent or carer on the caseload of the adult community team for at least eight weeks of the period.",
    "lines": (
        "Does the adult’s record say who the children are and who looks after them?",
        "What happens for the child on the days when the parent is unwell?",
        "Do the two care plans know of each other?",
        "Are young carers recognised, and asked?",
    ),
    "sources": {
        "earlier-audit": "Neglect: in four of six homes a parent was unwell, and adult services were not at the meeting.",
        "voices": "From the young carers’ group: “I was the one who knew she was getting worse.”",
        "intelligence": "School nurses see more children who are kept at home to keep a parent company.",
    },
    "began": 12,
    "places": 5,
    "services": CORE,
}

SILENCE = {
    "title": "Sexual abuse in the family: do we act before a child tells?",
    "summary": "Children about whom a worry of sexual abuse in the family was noted by any service, disclosed or not.",
    "who": "Children under fourteen with a worry of sexual abuse in the family noted by any service",
    "inclusion": "A worry noted in words, a medical question or behaviour, whatever decision followed.",
    "lines": (
        "What was made of signs without a disclosure?",
        "Was the child asked openly, without being led?",
        "When enquiries ended, was there a discussion of what risk remained?",
        "Was the non-abusing parent helped to protect?",
    ),
    "sources": {
        "practice-review": "The 2024 national review asks partners to look at their own decisions.",
        "data": "Eleven enquiries in a year, two conferences; neighbours of our size hold six.",
    },
    "began": -25,
    "places": 6,
    "services": CORE,
}

BABIES = {
    "title": "The first year: who notices when a baby is not brought?",
    "summary": "Babies under one with two or more missed appointments at any service.",
    "who": "Babies under one with two or more missed appointments",
    "inclusion": "Two appointments missed at one service, or one at each of two, within the period.",
    "lines": (
        "Did anybody see that more than one service was missing the baby?",
        "Was the family rung, or only written to?",
        "Who went to the door?",
    ),
    "sources": {
        "earlier-audit": "Neglect: letters went where a call was needed. We said that we would look at babies next.",
        "data": "One baby in nine misses the one-year review; the share has not moved in three years.",
    },
    "began": 6,
    "places": 5,
    "services": ("care", "police", "nurses", "hospital", "surgery"),
}
