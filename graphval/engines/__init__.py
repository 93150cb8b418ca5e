"""Ways to obtain a running server, to watch it, and to remove it. One file per engine, behind one interface.

Nothing here knows probes, rules or diagnosis.
"""
