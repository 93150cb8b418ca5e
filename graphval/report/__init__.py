"""How a run is shown: one small file per form, each fed by the stream of events or the finished report.

Renderers know nothing of rules, engines or probes.
"""
