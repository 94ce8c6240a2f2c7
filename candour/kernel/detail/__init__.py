"""Personal detail in a text, found by its form and by the names held. Pure: texts and identities in, positions out.

The disclosure check of a briefing stands on it, and so does what a return says to somebody who seems to name a person.
"""
