"""The calculators of OVMS that the wheel lacks, executed by us: one file per calculator.

Each becomes graph outputs and inputs of the graph that the framework runs; :mod:`graphval.rehearsal.expansion` carries
packets between the two. Nothing here knows how.
"""
