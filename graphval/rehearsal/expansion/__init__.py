"""A graph as the framework of the wheel can run it, and the bridge to the nodes that run beside it.

``plan`` decides per node: real, bridged or not exercised. ``handlers`` makes the checks of stream handlers that the
wheel lacks. ``policy`` decides when a bridged node fires, ``run`` carries packets to and fro.
"""
