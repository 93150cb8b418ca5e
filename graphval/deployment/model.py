"""What one server instance would be given."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from graphval.deployment.json_tree import JsonDocument, JsonNode
from graphval.textproto import Place, Problem, Source


class InputError(Exception):
    """A path given by the user cannot be judged at all (missing, unreadable, holds no graph). One line, exit code 2."""


class Kind(StrEnum):
    """How the deployment would be started.

    ``FILE``: a bare pbtxt, served through a config.json that names it. ``DIRECTORY``: OVMS's single-model mode
    (``--model_path DIR --model_name NAME``). ``CONFIG``: ``--config_path``.
    """

    FILE = "file"
    DIRECTORY = "directory"
    CONFIG = "config"


class Listed(StrEnum):
    """Where a graph is named."""

    ALONE = "alone"
    MODEL_LIST = "model_config_list"
    MEDIAPIPE_LIST = "mediapipe_config_list"


class GraphEntry(NamedTuple):
    """One graph of a deployment.

    ``file`` is the pbtxt (``display`` as messages show it), ``base_path`` the directory that relative paths of node
    options start from. ``source`` is its text, or ``None`` with the reason in ``unreadable``; ``problems`` are those of
    a file that is too large or no text, whose source is then empty. ``place`` is the entry in config.json (``None``
    where there is no config.json), ``name_place`` its name there.

    Paths are kept as texts: most graphs are never asked for them, and a path takes its time to be made and to be sent
    to another process.
    """

    name: str
    file_as_text: str
    display: str
    base_as_text: str
    listed: Listed
    source: Source | None
    unreadable: str = ""
    problems: tuple[Problem, ...] = ()
    place: Place | None = None
    name_place: Place | None = None
    subconfig: Path | None = None

    @property
    def file(self) -> Path:
        return Path(self.file_as_text)

    @property
    def base_path(self) -> Path:
        return Path(self.base_as_text)


class ModelEntry(NamedTuple):
    """One classic model of a deployment.

    ``versions`` are the version directories that exist (``(1,)`` for a directory or file without versions), ``served``
    those the version policy selects. ``config`` is the entry as written, ``node`` the same with its places.
    ``subconfig_of`` is the name of the graph whose subconfig lists it. ``problem`` says why OVMS would not load it, as
    far as the files tell (empty: no reason); ``broken`` names the versions that it would not load although it loads
    others, each with the reason.
    """

    name: str
    base_path: Path
    versions: tuple[int, ...]
    served: tuple[int, ...]
    config: Mapping[str, Any]
    place: Place | None = None
    base_path_place: Place | None = None
    name_place: Place | None = None
    target_device: str = ""
    subconfig_of: str | None = None
    problem: str = ""
    node: JsonNode | None = None
    broken: tuple[tuple[int, str], ...] = ()

    @property
    def loadable(self) -> tuple[int, ...]:
        """The versions that are served in the end."""
        return tuple(version for version in self.served if version not in dict(self.broken))

    @property
    def own_loader(self) -> bool:
        """Whether a custom loader reads the model's files, so that nothing is known of them."""
        return "custom_loader_options" in self.config

    def setting(self, key: str) -> JsonNode | None:
        """A setting of the entry, where it has one."""
        return self.node.get(key) if self.node is not None else None


class Deployment(NamedTuple):
    """A config.json, graph directory or pbtxt file with all it names.

    ``name`` is for display. ``documents`` are the JSON files that were read (config.json first), with their problems.
    The path is kept as a text, like those of a graph.
    """

    kind: Kind
    path_as_text: str
    name: str
    graphs: tuple[GraphEntry, ...]
    models: tuple[ModelEntry, ...] = ()
    config_file: Path | None = None
    documents: tuple[JsonDocument, ...] = ()

    @property
    def path(self) -> Path:
        return Path(self.path_as_text)

    @property
    def config_document(self) -> JsonDocument | None:
        """config.json itself; the other documents are subconfigs, whose mistakes do not stop the server."""
        return self.documents[0] if self.kind is Kind.CONFIG and self.documents else None

    def model(self, name: str) -> ModelEntry | None:
        """The model that answers to ``name``: the first of that name, as in OVMS."""
        return next((m for m in self.models if m.name == name), None)
