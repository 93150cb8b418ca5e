"""One graph and what must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphval.findings import Rung

_ANY = "type.googleapis.com/mediapipe."


@dataclass(frozen=True)
class Case:
    """``fails`` is the rung at which OVMS would notice, ``None`` for a good graph. ``blame`` is text that stands in the
    top-level block that is at fault (a node, or an entry of the border); of several any will do, where the fault is
    that two blocks do not fit. ``files`` lie beside the graph; ``sample`` is the text of a KServe request of the user's
    own.
    """

    name: str
    text: str
    fails: Rung | None = None
    blame: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    sample: str = ""

    def __str__(self) -> str:
        return self.name


def good(name: str, text: str, *, files: Mapping[str, str] | None = None, sample: str = "") -> Case:
    return Case(name, text, files=files or {}, sample=sample)


def at_load(name: str, text: str, *blame: str, files: Mapping[str, str] | None = None) -> Case:
    return Case(name, text, Rung.LOAD, blame, files or {})


def at_creation(name: str, text: str, *blame: str, files: Mapping[str, str] | None = None) -> Case:
    return Case(name, text, Rung.CREATE, blame, files or {})


def at_request(name: str, text: str, *blame: str, files: Mapping[str, str] | None = None, sample: str = "") -> Case:
    return Case(name, text, Rung.SERVE, blame, files or {}, sample)


# -- texts -------------------------------------------------------------------------------------------------------------


def graph(inputs: Iterable[str], outputs: Iterable[str], *blocks: str) -> str:
    """A graph whose border is one entry a line, each block on lines of its own."""
    border = [f'input_stream: "{one}"' for one in inputs] + [f'output_stream: "{one}"' for one in outputs]
    return "\n".join([*border, *blocks]) + "\n"


def node(
    calculator: str,
    reads: Iterable[str] = (),
    writes: Iterable[str] = (),
    *,
    name: str = "",
    takes: Iterable[str] = (),
    gives: Iterable[str] = (),
    options: str | None = None,
    kind: str = "",
    extra: str = "",
) -> str:
    """``takes`` and ``gives`` are side packets; ``kind`` is the options' message where it is not the calculator's."""
    lines = [f'  name: "{name}"'] if name else []
    lines.append(f'  calculator: "{calculator}"')
    for field_name, entries in (
        ("input_side_packet", takes),
        ("output_side_packet", gives),
        ("input_stream", reads),
        ("output_stream", writes),
    ):
        lines += [f'  {field_name}: "{entry}"' for entry in entries]
    if extra:
        lines.append(f"  {extra}")
    if options is not None:
        lines.append(f"  node_options: {{ [{_ANY}{kind or calculator + 'Options'}]: {{ {options} }} }}")
    return "\n".join(["node {", *lines, "}"])


def passes(source: str = "in", target: str = "out", *, name: str = "", extra: str = "") -> str:
    return node("PassThroughCalculator", [source], [target], name=name, extra=extra)


def handler(name: str, options: str = "") -> str:
    """A node's input stream handler."""
    block = f" options {{ [mediapipe.{name}Options.ext] {{ {options} }} }}" if options else ""
    return f'input_stream_handler {{ input_stream_handler: "{name}"{block} }}'


def back_edge(tag_index: str) -> str:
    return f'input_stream_info: {{ tag_index: "{tag_index}" back_edge: true }}'


def session(servable: str, version: str = "", *, name: str = "", packet: str = "session") -> str:
    """A node that looks up a model."""
    written = f'servable_name: "{servable}"' + (f' servable_version: "{version}"' if version else "")
    return node("OpenVINOModelServerSessionCalculator", name=name, gives=[f"SESSION:{packet}"], options=written)


def inference(
    reads: Iterable[str],
    writes: Iterable[str],
    options: str | None = "",
    *,
    name: str = "model",
    packet: str = "session",
    extra: str = "",
) -> str:
    return node(
        "OpenVINOInferenceCalculator",
        reads,
        writes,
        name=name,
        takes=[f"SESSION:{packet}"],
        options=options,
        extra=extra,
    )


def from_tag(tag: str, tensor: str) -> str:
    return f'tag_to_input_tensor_names {{ key: "{tag}" value: "{tensor}" }} '


def to_tag(tag: str, tensor: str) -> str:
    return f'tag_to_output_tensor_names {{ key: "{tag}" value: "{tensor}" }} '


def python(
    reads: Iterable[str] = ("INPUT:in",),
    writes: Iterable[str] = ("OUTPUT:out",),
    *,
    file: str,
    name: str = "handler",
    extra: str = "",
) -> str:
    return node(
        "PythonExecutorCalculator", reads, writes, name=name, takes=["PYTHON_NODE_RESOURCES:py"],
        options=f'handler_path: "{file}"', extra=extra,
    )  # fmt: skip
