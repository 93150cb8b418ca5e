"""The steps of a run, which ``graphval.check`` puts together: settings in force, judging by files, exercising on an
engine, what both say together, verdicts, the tally; and a request or a catalog on its own.

What a step needs of an engine, a request or a rule lies in the rooms of those; nothing here knows who listens.
"""
