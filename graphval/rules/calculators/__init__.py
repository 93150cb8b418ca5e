"""GV3xx: is the calculator there, is its contract kept, and do its own checks of options and connections hold.

``checks`` is the small language in which a calculator's own checks are written, the ``table_*`` modules hold them by
calculator, and the rule files report what they find by the moment at which OVMS would notice.
"""
