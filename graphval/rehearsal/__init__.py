"""The embedded engine: a model server of our own that behaves like OVMS as far as real libraries allow.

``python -m graphval.rehearsal`` takes OVMS's command line and serves KServe v2 and ``/v3`` where it is told to.
Every graph is created on the real MediaPipe framework of the ``mediapipe`` wheel, models are compiled and run by
OpenVINO Runtime, OpenVINO GenAI generates, user Python handlers run in this process. Log lines, status codes, exit
codes and process deaths follow OVMS, so that whoever watches a server needs to know nothing of this one.

What it never claims: that OVMS has run. What has no faithful counterpart here is refused and named:

* at load, one line per node on stdout, of the logger ``rehearsal`` and in the server's own form::

    [2026-08-21 10:11:12.345][27][rehearsal][info][bridge.py:56] not exercised: graph "g" node "n": the reason

  ``n`` is the node's name in MediaPipe's messages; an empty name (``node ""``) means the whole graph.
* at a request that would need such a node: gRPC ``UNIMPLEMENTED``, REST 501, with a text that begins with
  ``Rehearsal cannot execute``. A graph is nevertheless created for such a request wherever creation itself can be
  rehearsed; its failures come first, as in OVMS.

Flags of its own, beside OVMS's: ``--rehearsal_memory_mib``, ``--rehearsal_cpu_seconds``, ``--rehearsal_no_network``.
"""
