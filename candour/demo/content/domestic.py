"""The six cases of the audit in discussion: what happened, what services say of it, and what the room makes of it.

Each case: girl or boy, which services know the child and what the others answered, the grades that matter with their
reasons, then the room's story. Sections that are not named here speak from the bank.
"""

from typing import Any

from candour.demo.content.bank import GOOD, MIXED, POOR, THIN, TOP

CASES: tuple[dict[str, Any], ...] = (
    {
        "girl": True,
        "known": ("care", "police", "nurses", "school", "lantern"),
        "others": {"hospital": "not-known", "surgery": "relative-only", "minds": "not-known"},
        "said": {
            "care": {
                "recognition": (MIXED, "Three contacts in five months, each closed by itself within the day. Only the "
                                "fourth, from the health visitor, was read with the others."),
                "joint-working": (GOOD, "Strategy meeting within a day of the fourth contact; the plan was shared with "
                                  "all who came."),
                "impact": (MIXED, "She is safer since the spring. Sleep and speech were not followed up after that."),
                "voice": (MIXED, "Seen twice, both times in the kitchen with her mother."),
            },
            "police": {
                "recognition": (GOOD, "Officers named both children at each call-out, saw them awake and wrote down "
                                "what they saw: “hiding behind the sofa, would not come out”."),
                "joint-working": (MIXED, "We were asked on the morning of the meeting and sent a colleague who did not "
                                  "know the family."),
                "impact": (MIXED, "No call-out since the charge. We did not tell the school when the bail conditions "
                           "ended."),
            },
            "nurses": {
                "recognition": (GOOD, "The mother was asked about home when alone, at each visit, and at the third she "
                                "answered."),
                "joint-working": (POOR, "Not invited to the strategy meeting, although we had made the referral. We "
                                  "learnt of the plan from the mother three weeks later."),
                "impact": (MIXED, "The mother rings us now. The speech and language referral is still waiting."),
                "voice": (GOOD, "Her startle at raised voices is described at three visits, and what it may mean."),
            },
            "school": {
                "recognition": (THIN, "She joined our nursery class in the last weeks of the period."),
                "joint-working": (MIXED, "We were told that there was a plan. The minutes never reached us."),
                "impact": (MIXED, "Settled and chatty by the end of term; still cries at collection when it is not "
                           "her mother."),
            },
            "lantern": {
                "recognition": (GOOD, "Risk assessed at the first call and again after he was told to leave."),
                "joint-working": (GOOD, "In touch with the social worker each week; we said early that the weeks after "
                                  "he left would be the worst."),
                "impact": (MIXED, "Locks, a phone, a plan with the neighbour. The children’s sessions began only in "
                           "the last month."),
            },
        },
        "story": "A girl of three and her baby brother; their father shouted, broke things and twice held their mother "
        "by the throat.\nThe police came four times in five months. Three notifications were closed one by one.\nThe "
        "health visitor asked again, and the mother said yes. A strategy meeting followed within a day.\nHe was "
        "charged and left. The danger was greatest in the next three weeks, and Lantern said so.\nSince the spring it "
        "has been quiet. Speech and sleep still wait for help.",
        "household": "Mother, the girl, her baby brother. Father lives elsewhere since the charge. Grandmother most "
        "afternoons.",
        "key_dates": "Week 1: first call-out\nWeek 9: third call-out, closed\nWeek 19: mother tells the health visitor\n"
        "Week 19, next day: strategy meeting without health\nWeek 22: health learns of the plan",
        "voice": "“When Daddy does the big voice I go in my house.” – Her house is behind the sofa.\nHer mother: "
        "“Everybody asked why I did not leave. She asked what I needed.”",
        "room": {
            "joint-working": (MIXED, "Quick and well led once it began, but the service that rang the bell was left out "
                              "of the meeting and the school out of the minutes. The plan stood on half the picture.",
                              "Health visiting: would grade Inadequate, since the safety plan named them."),
            "recognition": (MIXED, "Officers and health visitor saw her clearly. The front door read four contacts as "
                            "four first contacts, and that decides the grade.", ""),
            "impact": (MIXED, "Safer, and it shows. What the year did to her has not been helped yet.", ""),
            "voice": (GOOD, "Her words and her startle stand in two records and changed the contact arrangements.", ""),
            "assessment": (GOOD, "Clear about risk and about what the mother does well; father included.", ""),
            "planning": (MIXED, "Good safety plan for the home, none for the children’s recovery.", ""),
            "overall": (MIXED, "People did right by her once they sat together. It took five months to sit together.", ""),
        },
        "caught": (
            ("Send agreed actions to everybody named in the plan before the meeting ends, invited or not.", "care"),
            ("Ring the speech and language service about the wait, and tell the mother what they say.", "nurses"),
        ),
    },
    {
        "girl": False,
        "known": ("care", "police", "surgery", "minds", "school", "lantern"),
        "others": {"nurses": "known-earlier", "hospital": "not-known"},
        "said": {
            "care": {
                "recognition": (GOOD, "The school’s referral was read with two earlier contacts and went straight to "
                                "assessment."),
                "assessment": (MIXED, "Strong on the mother’s account. The father was not met until week nine, and his "
                               "new address not written down."),
                "joint-working": (GOOD, "School, police and Lantern at each core group; the minutes within two days."),
                "voice": (GOOD, "Seen alone at school, twice, with a drawing of the house and who sleeps where."),
            },
            "police": {
                "recognition": (MIXED, "Two call-outs were recorded as a neighbour dispute. The boy at the window is in "
                                "an officer’s notebook and not in the notification."),
                "joint-working": (GOOD, "Came to each meeting with the same officer; told the school the same day when "
                                  "he breached his bail."),
                "impact": (GOOD, "Breach acted on within the hour. No offence since."),
            },
            "surgery": {
                "joint-working": (THIN, "We were not asked for a report and did not know of the conference."),
                "recognition": (MIXED, "The mother’s bruised wrist is coded under her name only; nothing leads from "
                                "there to her son."),
            },
            "minds": {
                "recognition": (GOOD, "Asked about home at assessment and noted that he checks the doors."),
                "planning": (MIXED, "Fourteen weeks on the waiting list with one letter. Nobody asked how he was."),
                "joint-working": (MIXED, "A careful letter, sent to the practice only."),
            },
            "school": {
                "recognition": (TOP, "A teaching assistant wrote down what he said while painting, word for word, and "
                                "the designated lead rang before the end of the lesson."),
                "joint-working": (GOOD, "At each core group, with a report. We said when we disagreed with stepping "
                                  "down."),
                "voice": (TOP, "He chose who would speak for him and what should be said first."),
            },
            "lantern": {
                "joint-working": (GOOD, "At the multi-agency risk conference and at the core groups; the two plans "
                                  "matched."),
                "planning": (GOOD, "Safety plan drawn up with the boy as well as with his mother."),
            },
        },
        "story": "A boy of six. His father had left; he came back on Fridays “to see him”, and the weekends were bad.\n"
        "At school he was tired on Mondays and watched the door. A teaching assistant listened.\nThe referral was "
        "read with what was known. The plan was shared, and school was part of it.\nHis father broke his bail; the "
        "police came within the hour and told the school.\nFourteen weeks on a waiting list followed, with one letter.",
        "household": "Mother and the boy; his father at weekends against the order. An uncle who collects him from "
        "school.",
        "key_dates": "Week 1: what he said while painting\nWeek 2: strategy discussion\nWeek 6: conference\nWeek 11: "
        "breach of bail\nWeek 12 to 26: waiting for CAMHS",
        "voice": "“Fridays are when I listen.”\nHe asked that his teaching assistant should say it at the meeting, "
        "“because she says it like I said it”.",
        "room": {
            "recognition": (GOOD, "One person listened, wrote it down as it was said and rang at once. The two earlier "
                            "call-outs should have come with it and did not.",
                            "Police: would grade Requires improvement, for the window."),
            "voice": (TOP, "He was heard, and what he said decided who came and in which order things were said.", ""),
        },
        "caught": (
            ("Give every child on the waiting list for more than six weeks a call, not a letter.", "minds"),
        ),
    },
    {
        "girl": True,
        "known": ("care", "police", "nurses", "hospital", "surgery"),
        "others": {"minds": "relative-only", "school": "not-known", "lantern": "known-earlier"},
        "said": {
            "care": {
                "recognition": (GOOD, "Pre-birth assessment opened at twenty weeks, on the midwife’s call."),
                "planning": (MIXED, "The birth plan was thorough. Nobody had planned for the father coming to the ward."),
                "voice": (GOOD, "Seen awake and asleep at each visit, and described: whose arms she settles in."),
                "impact": (GOOD, "At home with her mother, with somebody at the door on the days when it is hard."),
            },
            "police": {
                "recognition": (MIXED, "An offence in another county was known to us and not looked up until the birth."),
                "voice": (THIN, "Not yet born when we were called."),
                "impact": (GOOD, "A marker on the address and a call the same evening; he has not been back."),
            },
            "nurses": {
                "recognition": (GOOD, "The antenatal visit was made, and made again when he would not leave the room."),
                "joint-working": (GOOD, "Midwife, health visitor and social worker met before the birth and named who "
                                  "would visit on which day."),
                "voice": (GOOD, "Twenty minutes at the new birth visit only watching: startles at doors, quiet in her "
                          "aunt’s arms."),
                "impact": (GOOD, "Gaining weight, smiling at six weeks; her mother comes to the group."),
            },
            "hospital": {
                "recognition": (GOOD, "The flag on the record was read at the desk; staff knew whom to ring at two in "
                                "the morning."),
                "planning": (POOR, "Discharged on a Sunday without the meeting that the birth plan asked for."),
                "joint-working": (MIXED, "The ward told the social worker by e-mail, on the Sunday."),
                "voice": (GOOD, "Night staff wrote down what they saw of her with each visitor."),
                "impact": (MIXED, "Well when she left us, which was two days too soon."),
            },
            "surgery": {
                "recognition": (MIXED, "Three requests for pain relief by the mother in eight weeks, seen by three "
                                "doctors."),
                "voice": (THIN, "Registered after the birth; we met her once."),
                "impact": (GOOD, "Both have a named doctor now, and the six-week check was kept."),
            },
        },
        "story": "A girl born in the period; her mother was nineteen and new to the town.\nThe midwife asked when he was "
        "out of the room, and rang the same day.\nServices met before the birth and agreed who would come when.\nHe "
        "came to the ward on the Saturday. Staff knew whom to ring.\nOn the Sunday they went home without the meeting "
        "that had been planned.",
        "household": "Mother and the baby, in a flat of their own; her aunt in the same street.",
        "key_dates": "Week 20 of pregnancy: midwife’s call\nWeek 30: meeting before the birth\nDay 3: home without a "
        "meeting\nDay 5: first visit",
        "voice": "She sleeps in company and wakes at doors.\nHer mother: “The midwife got him out of the room by asking "
        "him to move the car. I have never been so glad of a car park.”",
        "room": {},
        "caught": (),
    },
    {
        "girl": True,
        "known": ("care", "police", "school", "surgery"),
        "others": {"nurses": "known-earlier", "hospital": "not-known", "minds": "not-known", "lantern": "not-known"},
        "said": {
            "care": {
                "recognition": (POOR, "Closed twice in six weeks on a telephone call to the mother, who reads with "
                                "difficulty and said yes to every question."),
                "voice": (POOR, "Nobody saw her before either closure."),
            },
            "police": {"recognition": (MIXED, "The neighbour’s call was logged as noise.")},
            "school": {
                "recognition": (GOOD, "Four entries in the concern log within a month, the last with a referral."),
                "joint-working": (MIXED, "We never heard what became of our referral, and did not ask."),
            },
            "surgery": {"joint-working": (MIXED, "The letter about the closure went into the mother’s record.")},
        },
        "story": "A girl of five; her mother has a learning disability, and her mother’s new partner decided who came in."
        "\nA neighbour rang twice. The school referred.\nBoth times a telephone call to the mother closed it.\nOn the "
        "third referral a worker went, and the girl showed her the cupboard.\nShe lives with her grandparents now.",
        "household": "Then: mother, her partner, the girl. Now: the girl with her grandparents; her mother three times "
        "a week.",
        "key_dates": "Week 3: first closure\nWeek 8: second closure\nWeek 10: third referral, visit the same day",
        "voice": "“I tell Nan everything because Nan writes it in the book.”",
        "room": {},
        "caught": (),
    },
    {
        "girl": False,
        "known": ("care", "police", "nurses", "hospital", "surgery", "school", "lantern"),
        "others": {"minds": "not-known"},
        "said": {
            "care": {
                "voice": (POOR, "Their father interpreted at the first two visits."),
                "assessment": (MIXED, "Immigration status is given two pages, the middle brother two lines."),
            },
            "police": {
                "recognition": (GOOD, "An interpreter by telephone at the door. All three boys named, seen and spoken "
                                "with."),
                "voice": (GOOD, "The eldest spoke through the interpreter, alone, for ten minutes."),
            },
            "nurses": {"recognition": (GOOD, "Booked an interpreter for every visit and refused to go on without.")},
            "hospital": {
                "recognition": (MIXED, "A burn on the hand was treated well and asked about through the father."),
            },
            "surgery": {"recognition": (THIN, "Registered for three weeks of the period.")},
            "school": {"voice": (GOOD, "A lunchtime assistant with his language, on his terms.")},
            "lantern": {"joint-working": (GOOD, "Brought in a specialist service for women with no recourse to public "
                                          "funds within two days.")},
        },
        "story": "Three brothers of two, four and seven. Their mother feared that asking for help would end their stay."
        "\nTheir father spoke for everybody, at the door, at the clinic and at the first two visits.\nAn officer with a "
        "telephone interpreter heard the eldest alone.\nLantern found the right advice, and the fear went out of it.\n"
        "They have moved; the schools were told, the surgery was not.",
        "household": "Mother and three boys in supported housing. Father under an order.",
        "key_dates": "Week 2: burn treated\nWeek 6: call-out with interpreter\nWeek 7: strategy discussion\nWeek 12: "
        "moved",
        "voice": "The eldest: “I said it in my language and the phone lady said it in theirs.”",
        "room": {},
        "caught": (),
    },
    {
        "girl": False,
        "known": ("care", "police", "surgery", "minds", "school"),
        "others": {"nurses": "known-earlier", "hospital": "not-known", "lantern": "relative-only"},
        "said": {
            "care": {
                "recognition": (MIXED, "It took us a while to see that it was his father who was being hurt."),
                "planning": (GOOD, "Contact through the grandparents, agreed by both parents and kept."),
            },
            "police": {"recognition": (MIXED, "Two call-outs recorded with the victim and the suspect the wrong way "
                                       "round; corrected at the third.")},
            "surgery": {"recognition": (GOOD, "The father’s injuries were coded, asked about and followed up.")},
            "minds": {"impact": (GOOD, "His mother took up treatment and has kept to it.")},
            "school": {"voice": (GOOD, "A feelings book that he takes out when he wants.")},
        },
        "story": "A boy of four; his mother, unwell and drinking, hit his father, who did not say so for a year.\nTwo "
        "call-outs put it the wrong way round.\nThe practice nurse asked the father what she would have asked a "
        "mother.\nGrandparents made contact safe. His mother is in treatment.\nHe says that there are two houses and "
        "that both have his boots.",
        "household": "Father and the boy; mother sees him at the grandparents’.",
        "key_dates": "Week 4: second call-out\nWeek 9: father tells the practice nurse\nWeek 13: plan with the "
        "grandparents",
        "voice": "“I have boots at both.”",
        "room": {},
        "caught": (),
    },
)  # fmt: skip
