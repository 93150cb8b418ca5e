"""Reading a server's log: lines of several writers become records, records become each graph's story.

The forms and signatures are the catalog's (OVMS 2026.4, ``log_formats`` and ``log_signatures``). stdout and stderr are
read apart, since the order between them is not certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from graphval.catalog.server_texts import Signature, log_formats, log_signatures

_PLAIN_START = re.compile(r"\^(?P<text>[\w ]+)(?![\w ]|[?*+{])(?!.*\|(?![^(]*\)))", re.DOTALL)
"""The plain beginning of a pattern that offers no choice outside of parentheses."""

_PREFIX = re.compile(
    r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\]\[\d+\]\[[^\]]+\]\[(?:trace|debug|info|warning|error|critical)\]\["
)
_BEGAN = re.compile(
    r"^(?:Started validation of mediapipe: (?P<graph>.+)|Mediapipe graph:(?P<triggered>.+?) was not loaded so far\..*)$"
)
_NOT_EXERCISED = re.compile(
    r'^not exercised: graph "(?P<graph>[^"]*)" node "(?P<node>[^"]*)": (?P<reason>.*)$', re.DOTALL
)
_PARSE_REASON = re.compile(
    r"Error parsing text-format mediapipe\.CalculatorGraphConfig: (?P<line>\d+):(?P<column>\d+): (?P<what>.*)"
)
_REQUEST_BEGINS = "Processing gRPC request for model: "
_REQUEST = re.compile(r"^Processing gRPC request for model: (?P<graph>.*); version:.*$")


@dataclass(slots=True)
class Record:
    """One message of the log, lines that continue it included. ``severity`` is OVMS's word or glog's letter."""

    stream: str
    writer: str
    severity: str
    message: str

    @property
    def first_line(self) -> str:
        return self.message.partition("\n")[0].strip()

    @property
    def is_error(self) -> bool:
        return self.severity in ("error", "critical", "ERROR", "FATAL", "E", "F")


@dataclass(slots=True)
class GraphStory:
    """What the log tells about loading one graph.

    ``state`` is the last state OVMS gave it, empty if none. ``errors`` are the records that explain a refusal, in
    order. ``parse`` is line, column and text of protobuf's complaint.
    """

    name: str
    began: bool = False
    state: str = ""
    errors: list[Record] = field(default_factory=list)
    parse: tuple[int, int, str] | None = None

    @property
    def available(self) -> bool:
        return self.state == "AVAILABLE"

    @property
    def refused(self) -> bool:
        return bool(self.state) and not self.available

    @property
    def open(self) -> bool:
        """Whether loading began and no end of it was seen."""
        return self.began and not self.state


@dataclass(slots=True)
class LogStory:
    """What the log tells about a whole start."""

    graphs: dict[str, GraphStory] = field(default_factory=dict)
    fatal: list[Record] = field(default_factory=list)
    other_errors: list[Record] = field(default_factory=list)
    not_exercised: list[tuple[str, str, str]] = field(default_factory=list)
    """Graph, node (empty: the whole graph) and reason, as the rehearsal says them."""
    load_ended: bool = False
    skipped_rest: Record | None = None
    """The record that tells that an exception ended the loading of this graph and of all behind it."""

    def graph(self, name: str) -> GraphStory:
        return self.graphs.setdefault(name, GraphStory(name))


@cache
def _formats() -> tuple[tuple[str, re.Pattern[str]], ...]:
    order = ("ovms_line", "absl_line", "glog_line", "protobuf_line", "trantor_line")
    known = {f.id: f for f in log_formats()}
    return tuple((name, re.compile(known[name].regex)) for name in order if name in known)


@cache
def _signatures(kinds: frozenset[str]) -> tuple[tuple[Signature, str, re.Pattern[str]], ...]:
    """Signatures of these kinds, the text that a match begins with, and their patterns."""
    return tuple((s, _beginning(s), re.compile(s.regex, re.DOTALL)) for s in log_signatures() if s.kind in kinds)


def _beginning(signature: Signature) -> str:
    """Letters and blanks that whatever matches must begin with: most lines are told apart by them at once."""
    found = _PLAIN_START.match(signature.regex) if signature.applies_to != "raw" else None
    return found["text"] if found is not None else ""


def read_records(text: str, stream: str) -> list[Record]:
    """The records of one stream. A prefix in the middle of a line begins a new record, for lines may be glued."""
    records: list[Record] = []
    behind: list[str] = []
    for line in _lines(text):
        record = _record(line, stream)
        if record is None and records and records[-1].writer == "ovms_line" and stream == "stdout":
            behind.append(line)  # a graph's text is logged line by line: joined once, not each time
            continue
        if behind:
            records[-1].message = "\n".join((records[-1].message, *behind))
            behind.clear()
        if record is not None:
            records.append(record)
        elif line.strip():
            records.append(Record(stream, "", "", line))
    if behind:
        records[-1].message = "\n".join((records[-1].message, *behind))
    return records


def match(record: Record, kinds: Iterable[str]) -> tuple[Signature, re.Match[str]] | None:
    """The first signature of these kinds that the record matches."""
    for signature, beginning, pattern in _signatures(frozenset(kinds)):
        if signature.applies_to == "raw":
            found = pattern.search(record.message)
        elif not record.message.startswith(beginning):
            continue
        else:
            found = _whole_or_first_line(pattern, record.message) if record.writer == "ovms_line" else None
        if found is not None:
            return signature, found
    return None


def _whole_or_first_line(pattern: re.Pattern[str], message: str) -> re.Match[str] | None:
    """What user code prints has no prefix, so it reads like a continuation of the line before it."""
    return pattern.match(message) or pattern.match(message.partition("\n")[0])


def read_story(stdout: str, stderr: str) -> LogStory:
    """The story of a start, from the whole log."""
    story = LogStory()
    current: GraphStory | None = None
    pending: list[Record] = []
    unparsed: list[GraphStory] = []
    for record in read_records(stdout, "stdout"):
        if record.writer != "ovms_line":
            continue
        if _tell_of_rehearsal(story, record):
            continue
        began = _BEGAN.match(record.first_line)
        if began is not None:
            current = story.graph(began["graph"] or began["triggered"])
            current.began = True
            pending = []
            continue
        known = match(record, ("state", "ready", "graph_load_error", "fatal_start", "error"))
        name = known[0].id if known is not None else ""
        groups = known[1].groupdict() if known is not None else {}
        if name == "graph_state" and groups.get("type") == "Mediapipe":
            graph = story.graph(groups["graph"])
            graph.state = groups["state"]
            if graph.refused:
                graph.errors = graph.errors or pending
            pending, current = [], None if current is graph else current
        elif name == "load_end":
            story.load_ended = True
        elif name == "graph_cfg_exception":
            story.skipped_rest = record
        elif known is not None and known[0].kind == "fatal_start":
            story.fatal.append(record)
        elif (known is not None and known[0].kind in ("graph_load_error", "error")) or record.is_error:
            named = groups.get("graph") or ""
            graph_of = story.graph(named) if named in story.graphs or name == "graph_name_taken" else current
            if name == "graph_parse" and graph_of is not None:
                unparsed.append(graph_of)
            if graph_of is not None and not story.load_ended:
                graph_of.errors.append(record)
            else:
                pending.append(record)
                story.other_errors.append(record)
    _attach_parse_reasons(unparsed, stderr)
    return story


def request_records(stdout: str, graph: str) -> list[Record]:
    """The records from the last request to ``graph`` on; empty if the log shows none, or another graph's after it."""
    # The log of a long run is long, so only its end is read.
    at = stdout.rfind(_REQUEST_BEGINS)
    if at < 0:
        return []
    records = read_records(stdout[max(0, stdout.rfind("\n", 0, at)) :], "stdout")
    for index in range(len(records) - 1, -1, -1):
        found = _REQUEST.match(records[index].first_line)
        if found is not None:
            return records[index:] if found["graph"] == graph else []
    return []


def _tell_of_rehearsal(story: LogStory, record: Record) -> bool:
    found = _NOT_EXERCISED.match(record.message)
    if found is None:
        return False
    story.not_exercised.append((found["graph"], found["node"], found["reason"].strip()))
    return True


def _attach_parse_reasons(unparsed: list[GraphStory], stderr: str) -> None:
    """Protobuf's complaints stand on stderr without a graph's name, in the order of the graphs."""
    reasons = [found for line in _lines(stderr) if (found := _PARSE_REASON.search(line)) is not None]
    for graph, found in zip(unparsed, reasons, strict=False):
        graph.parse = (int(found["line"]), int(found["column"]), found["what"])


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        start = 0
        for found in _PREFIX.finditer(line):
            if found.start() > start:
                yield line[start : found.start()]
                start = found.start()
        yield line[start:]


def _record(line: str, stream: str) -> Record | None:
    for name, pattern in _formats():
        found = pattern.match(line)
        if found is not None:
            groups = found.groupdict()
            return Record(stream, name, groups.get("level") or groups.get("sev") or "", groups["msg"])
    return None
