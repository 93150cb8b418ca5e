"""graphval checks MediaPipe graphs for OpenVINO Model Server (OVMS) before they are deployed."""

from graphval.version import __version__

__all__ = ["__version__"]
