"""Static checks: a folder per family, a file per rule, one mechanism.

``mechanism`` says what a rule is, ``registry`` finds them, ``context`` is what they may look at, ``run`` applies them.
A rule reads the deployment and answers with places; it never runs anything and never writes.
"""
