"""How a run is shown: one small file per form, each fed by the stream of events.

Renderers know findings and events and nothing of where they come from: no rules, no engines, no probes. They decide
nothing; verdicts arrive made.
"""
