"""Settings: what a user can set about how a run judges, and the files that hold it.

``model`` is the data, ``where`` finds and ``file`` reads ``graphval.toml`` or ``[tool.graphval]`` of a
``pyproject.toml``, ``toml_places`` says where in such a file something stands. Nothing here judges a graph, and nothing
is kept between calls.
"""

from graphval.settings.model import DeclaredCalculator, Profile, Settings, SettingsError

__all__ = ["DeclaredCalculator", "Profile", "Settings", "SettingsError"]
