"""What a real server was seen to say about a graph, in the form in which an exercise hands it to the diagnosis."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphval.diagnosis.load import Ending, LoadState, diagnose_load
from graphval.diagnosis.served import Logs
from graphval.diagnosis.serving import diagnose_serving
from graphval.findings import Finding
from graphval.kserve import messages
from graphval.probe.client import Answer
from graphval.probe.exercise import Exercise
from graphval.probe.plan import Plan, Probe, ProbeKind
from tests.diagnosis.graphs import PLACE, subject

CORPUS = next(
    (place for parent in Path(__file__).resolve().parents if (place := parent / "shared" / "corpus").is_dir()), None
)
"""The labelled graphs, where they lie beside the project."""
UNKNOWN_INPUT = "zz_no_such_input"
_PREFIX = "[2026-11-23 04:23:10.713][3557]"
BEGAN = f"{_PREFIX}[modelmanager][debug][mediapipegraphdefinition.cpp:231] Started validation of mediapipe: g\n"
_STATE = f"{_PREFIX}[modelmanager][info][x.hpp:59] Mediapipe: g state changed to: %s after handling: x: \n"
_ENDED = f"{_PREFIX}[serving][info][servablemanagermodule.cpp:55] ServableManagerModule started\n"
_REQUEST = (
    f"{_PREFIX}[serving][debug][kfs_grpc_inference_service.cpp:247] Processing gRPC request for model: g; version: \n"
)
_NATIVE = re.compile(
    r"^(?:[IWEF]\d{4,8} |\*\*\* |WARNING: (?:All log|Logging)|\[libprotobuf |terminate called |\s+what\(\): |    @ )"
)
_EXITS = {"SIGABRT": 134, "SIGSEGV": 139, "SIGFPE": 136, "SIGILL": 132}


@dataclass(frozen=True)
class Recording:
    """A graph, its label, and the server's words. ``requests`` are the answers to serving probes, in order."""

    name: str
    text: str
    label: dict[str, Any]
    stdout: str
    stderr: str
    loaded: bool
    signal: str = ""
    creation: Answer | None = None
    requests: tuple[Answer, ...] = ()

    @property
    def block(self) -> tuple[int, int] | None:
        return tuple(self.label["block"]) if self.label.get("block") else None


@dataclass(frozen=True)
class Diagnosed:
    """What the diagnosis made of a recording."""

    state: LoadState
    findings: list[Finding] = field(default_factory=list)
    excused: bool = False


def recordings() -> Iterator[Recording]:
    """All recordings that lie beside the project: answers by themselves, and whole logs."""
    if CORPUS is None:
        return
    for file in sorted(CORPUS.glob("mutants/*/case.json")):
        yield _from_observed(file.parent, json.loads(file.read_text(encoding="utf-8")))
    for log in sorted(CORPUS.glob("logs/*.log")):
        for family in ("written", "failures"):
            folder = CORPUS / family / log.stem
            if folder.is_dir():
                label = json.loads((folder / "case.json").read_text(encoding="utf-8"))
                yield _from_log(folder, label, log.read_text(encoding="utf-8", errors="replace"))


def diagnose(recording: Recording) -> Diagnosed:
    about = subject(recording.text)
    dead = bool(recording.signal)
    code = _EXITS.get(recording.signal, 134)
    ending = Ending(f"{recording.signal} (exit code {code})", by_signal=True) if dead else Ending()
    load = diagnose_load(
        (about,), recording.stdout, recording.stderr, Ending() if recording.loaded else ending,
        loaded=recording.loaded, place=PLACE,
    )  # fmt: skip
    told = load.graphs["g"]
    if told.state is not LoadState.AVAILABLE or recording.creation is None or about.graph is None:
        return Diagnosed(told.state, [told.finding] if told.finding is not None else [])
    unknown = messages.ModelInferRequest(model_name="g")
    unknown.inputs.add(name=UNKNOWN_INPUT)
    full = messages.ModelInferRequest(model_name="g")
    exercise = Exercise(
        creation=recording.creation,
        served=[(Probe(ProbeKind.SYNTHETIC, full), answer) for answer in recording.requests],
    )
    plan = Plan(Probe(ProbeKind.CREATION, unknown))
    served = diagnose_serving(about.graph, plan, exercise, Logs(recording.stdout, recording.stderr), ending)
    return Diagnosed(told.state, served.findings, bool(served.not_exercised))


def streams(lines: Iterable[str]) -> tuple[str, str]:
    """A log of both streams, taken apart by the forms of its lines."""
    stdout: list[str] = []
    stderr: list[str] = []
    current = stdout
    for line in lines:
        if line.startswith("[20"):
            current = stdout
        elif _NATIVE.match(line):
            current = stderr
        current.append(line)
    return "".join(f"{line}\n" for line in stdout), "".join(f"{line}\n" for line in stderr)


def _from_observed(folder: Path, label: dict[str, Any]) -> Recording:
    observed = label["observed"]
    stdout, stderr = streams(line.removeprefix("  ") if "what():" not in line else line for line in observed["log"])
    outcome = observed["load"]["outcome"]
    text = (folder / "graph.pbtxt").read_text(encoding="utf-8")
    if outcome == "abort":
        return Recording(folder.name, text, label, BEGAN, stderr, loaded=False, signal=observed["load"]["signal"])
    if outcome == "reject":
        state = "LOADING_PRECONDITION_FAILED"
        return Recording(folder.name, text, label, BEGAN + stdout + _STATE % state + _ENDED, stderr, loaded=True)
    asked = [observed[key] for key in ("create", "request") if key in observed]
    answers = [_answer(one) for one in asked]
    signal = next((one["signal"] for one in asked if "signal" in one), "")
    return Recording(
        folder.name, text, label, BEGAN + _STATE % "AVAILABLE" + _ENDED + _REQUEST + stdout, stderr,
        loaded=True, signal=signal, creation=answers[0], requests=tuple(answers[1:]),
    )  # fmt: skip


def _answer(observed: dict[str, Any]) -> Answer:
    if "grpc" not in observed:
        response = messages.ModelInferResponse()
        for name, datatype, shape in observed.get("outputs", ()):
            response.outputs.add(name=name, datatype=datatype, shape=shape)
        return Answer("OK", "", 0.0, response)
    code, _, text = observed["grpc"].partition(": ")
    return Answer(code, text, 0.0)


def _from_log(folder: Path, label: dict[str, Any], log: str) -> Recording:
    """A whole log holds no answers; a request that was refused is told by its label."""
    stdout, stderr = streams(log.splitlines())
    died = label["expected"] == "abort"
    loaded = "ServableManagerModule started" in stdout
    signal = (
        ""
        if not died
        else re.match(r"SIG\w+", label["message"] + " ").group(0)
        if label["message"].startswith("SIG")
        else "SIGABRT"
    )  # type: ignore[union-attr]
    if not loaded or label["phase_expected"] == "load":
        return Recording(folder.name, (folder / "graph.pbtxt").read_text(), label, stdout, stderr, loaded, signal)
    proven = f"{UNKNOWN_INPUT} is unexpected" in stdout
    refused = Answer("INVALID_ARGUMENT", f"Unexpected input - {UNKNOWN_INPUT} is unexpected", 0.0)
    message = str(label["message"])
    if label["expected"] == "accept":
        return Recording(folder.name, (folder / "graph.pbtxt").read_text(), label, stdout, stderr, loaded, "", refused)
    if died:
        last = Answer("UNAVAILABLE", "Stream removed (Socket closed)", 0.0)
    elif "never" in message:
        last = Answer("DEADLINE_EXCEEDED", "Deadline Exceeded", 10.0)
    else:
        code, _, text = message.partition(": ")
        known = re.fullmatch(r"[A-Z_]+", code) is not None
        last = Answer(code if known else "INVALID_ARGUMENT", text if known else message, 0.0)
    return Recording(
        folder.name, (folder / "graph.pbtxt").read_text(), label, stdout, stderr, loaded, signal,
        refused if proven else last, (last,) if proven else (),
    )  # fmt: skip
