"""Graphs with one fault each, and good ones, exercised on the rehearsal.

What each must come to follows from how OVMS and MediaPipe work (the moment at which the fault shows, the node or border
entry that holds it), and is written down before anything is run. Static rules are not asked: what counts is what the
exercise and its diagnosis say.
"""
