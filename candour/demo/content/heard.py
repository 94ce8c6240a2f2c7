"""What was decided on telling each family, and what children, parents and workers said to somebody they trust.

`decided`: by the case's place, the choice and, where a family is not told, why. `views`: the case's place, whose, in
which way, which service wrote it down, who asked, how contact was made safe, the words, and whether they may be quoted.
"""

from typing import Any

ASKED, DECLINED, TOLD, NOT_SAFE, NOT_TOLD = "asked", "declined", "told", "not-safe", "not-told"

BRUISING: dict[str, Any] = {
    "decided": {0: (ASKED, ""), 1: (TOLD, ""), 2: (ASKED, ""), 3: (DECLINED, "")},
    "views": (
        (2, "parent", "talk", "nurses", "her health visitor, at the clinic",
         "asked first whether she would rather talk at home or at the clinic; she chose the clinic.",
         "“They said what they had to do and they stayed polite. I would have liked to know it could take until night.”",
         True),
    ),
    "told": "That a paediatrician is now rung the same day, and that parents get a sheet which says how long it takes.",
}  # fmt: skip

NEGLECT: dict[str, Any] = {
    "decided": {
        0: (ASKED, ""), 1: (ASKED, ""), 2: (DECLINED, ""), 3: (TOLD, ""), 4: (ASKED, ""),
        5: (NOT_TOLD, "His mother died in the period. The grandparents asked that nobody should write to them this year."),
    },
    "views": (
        (0, "child", "written", "school", "the family worker at school, whom she sees each week",
         "agreed with her father and with the worker; at school, in the reading corner.",
         "“They came when it was bad. After that it was only letters.” She drew a door with nobody at it.", True),
        (1, "parent", "phone", "nurses", "the health visitor who had asked her",
         "rung on a Tuesday morning, as she asked, on her own telephone.",
         "“I said the same thing to five people. If one of them had written it down I would have said more.”", True),
        (1, "practitioner", "talk", "care", "the auditor", "",
         "The worker had nineteen families at the time and knew that this one was slipping.", False),
    ),
    "told": "That worries are now put together after the third, and that one person says what happens next.",
}  # fmt: skip

DOMESTIC: dict[str, Any] = {
    "decided": {
        0: (ASKED, ""), 1: (ASKED, ""), 2: (ASKED, ""), 3: (TOLD, ""),
        4: (NOT_SAFE, "Decided with the police and Lantern: his relatives open her post and hold her telephone, and a "
            "letter about a review would be read as her telling."),
        5: (DECLINED, ""),
    },
    "views": (
        (0, "parent", "talk", "lantern", "her worker at Lantern",
         "by Lantern, on the number that only they hold, in school hours. He does not know of it.",
         "“Everybody asked why I did not leave. She asked what I needed.” She would have liked one person to say who was "
         "doing what.", True),
        (0, "practitioner", "phone", "nurses", "the auditor", "",
         "The health visitor asks each mother alone now, because it was the third time of asking that mattered.", False),
        (1, "child", "written", "school", "his teaching assistant, as he wished",
         "agreed with his mother, on a Tuesday at school; he goes home with her that day.",
         "“Fridays are when I listen.” He drew his week: four yellow days, and a Friday with the curtains shut.", False),
    ),
}  # fmt: skip

INJURY: dict[str, Any] = {
    "decided": {
        0: (ASKED, ""), 1: (ASKED, ""),
        2: (NOT_TOLD, "A trial is listed; the police ask us to wait until it is over."),
    },
    "views": (
        (0, "parent", "talk", "care", "the social worker who knows them",
         "asked at the last visit whether and where; at the family centre, without the children.",
         "“Nobody told me I could stay with her while they took the pictures. I could have.”", True),
    ),
}  # fmt: skip
