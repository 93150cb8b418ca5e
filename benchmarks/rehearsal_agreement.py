"""How often the rehearsal does with a graph what a real server did: load it, create it, answer, die.

Give folders of labelled graphs. A labelled graph is a folder with ``graph.pbtxt`` and ``case.json``, of which these are
read: ``expected`` (``accept``, ``reject``, ``abort``; ``null`` leaves the graph out), ``phase_expected`` (``load``,
``request``, ``none``), ``models`` (what the servables offered), ``needs`` (what else was at hand: where nothing was and
the load failed, the folders that the graph names stay as they are), ``seed`` (the graph this one is a variant of) and
``message`` (the server's first words)::

    python benchmarks/rehearsal_agreement.py LABELLED… --batch 30

What a label took for granted and the folder does not hold is made: models with the inputs and outputs that are listed,
the example graphs' tiny generative models, Python handlers that hand on what they get. Graphs go to one server a batch;
the requests are those of ``graphval check``. Prints the agreement and each disagreement.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from graphval.catalog import load as load_catalog
from graphval.deployment import load as load_deployment
from graphval.engines.interface import Launch, Limits, Server
from graphval.engines.rehearsal import RehearsalEngine
from graphval.events import ServerDied
from graphval.findings import Rung, StageStatus
from graphval.probe.asking import Deadlines, Depth, ProbeSettings
from graphval.rules.run import judge
from graphval.run.exercise import Exercising
from graphval.run.terms import Terms

GRAPHS = Path(__file__).parents[1] / "graphs" / "good"
GENERATIVE = {
    "LLMCalculator": GRAPHS / "chat/chat_model",
    "EmbeddingsCalculatorOV": GRAPHS / "embeddings/text_embedder",
    "RerankCalculatorOV": GRAPHS / "rerank/passage_ranker",
    "ImageGenCalculator": GRAPHS / "image_generation/painter",
    "S2tCalculator": GRAPHS / "speech_to_text/listener",
    "T2sCalculator": GRAPHS / "text_to_speech/speaker",
}
SEES = re.compile("InternVL|-VL-|VisionLanguage")
"""Models that see, by their published names."""
VOICE_WIDTH = 512
"""Numbers of a speaker embedding as SpeechT5 takes it."""
ABSENT = re.compile(r"does not exist|Could not find|No such file|Failed to (?:open|read)|can't be opened")
ELSEWHERE = re.compile(r'device:\s*"[^"]*(?:GPU|NPU)')
NO_SIDE_PACKET = re.compile(r'Side packet "[^"]+" is required but was not provided')
HANDLER = """
from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs):
        self.names = kwargs["output_names"]

    def execute(self, inputs):
        made = [Tensor(name, inputs[0].data) for name in self.names]
        return made if not LOOP else iter_once(made)


def iter_once(made):
    yield made
"""
ELEMENT = {"FP32": np.float32, "FP16": np.float16, "FP64": np.float64, "INT64": np.int64, "INT32": np.int32,
           "UINT8": np.uint8, "INT8": np.int8, "BOOL": np.bool_}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled graph: where it lies, what the server did, and what it had at hand."""

    folder: Path
    name: str
    outcome: str
    phase: str
    message: str
    models: tuple[Any, ...]
    siblings: tuple[Path, ...]
    paths: dict[str, str]
    needs: tuple[str, ...] | None
    """What the server had beside the graph; ``None`` where the label does not say."""
    load_only: bool
    elsewhere: bool
    """Whether the graph asks for a device that this machine may lack."""


def read_cases(roots: Sequence[Path]) -> Iterator[Case]:
    for root in roots:
        for file in sorted(root.glob("*/case.json")):
            label = json.loads(file.read_text())
            if label.get("expected") is None or label.get("portable") is False:
                continue
            if not (file.parent / "graph.pbtxt").is_file() or label.get("phase_expected") == "stream":
                continue
            seeds = [other / str(label.get("seed")) for other in roots]
            seed = next((folder for folder in seeds if label.get("seed") and folder.is_dir()), None)
            models = label.get("models") or (json.loads((seed / "case.json").read_text()).get("models") if seed else ())
            # Labels that no server gave are about requests of their own, of which only the load can be compared.
            load_only = "labelled_by" not in label
            expected, phase = label["expected"], label.get("phase_expected") or "none"
            if load_only and phase != "load":
                expected, phase = "accept", "none"
            yield Case(
                file.parent,
                f"{root.name}-{label['id']}",
                expected,
                phase,
                label.get("message") or "",
                tuple(models or ()),
                (file.parent, seed) if seed else (file.parent,),
                label.get("path_map") or {},
                tuple(label["needs"]) if "needs" in label else None,
                load_only,
                ELSEWHERE.search((file.parent / "graph.pbtxt").read_text(errors="replace")) is not None,
            )


# -- the scene --------------------------------------------------------------------------------------------------------


def stage(case: Case, folder: Path) -> list[dict[str, Any]]:
    """Put a case into ``folder`` as the server had it; the entries of the models it needs."""
    folder.mkdir()
    text = (case.folder / "graph.pbtxt").read_text(errors="surrogateescape")
    for place in reversed(case.siblings):
        for file in place.iterdir():
            if file.is_file() and file.name not in ("case.json", "graph.pbtxt", "config.json", "subconfig.json"):
                shutil.copy(file, folder)
    bare = case.phase == "load" and case.needs == ()
    if not bare and not ABSENT.search(case.message):
        text = with_models(text, case.needs or ())
    if case.phase != "load":
        make_voices(text, folder)
        text = with_adapters(text, folder)
    text = with_handlers(text, case, folder)
    (folder / "graph.pbtxt").write_text(text, errors="surrogateescape")
    return [make_model(model, folder.parent / "models") for model in case.models if model.get("inputs")]


def with_models(text: str, needs: Sequence[str]) -> str:
    if re.search(r"pipeline_type:\s*VLM", text) or any(SEES.search(need) for need in needs):
        text = re.sub(r'(models_path:\s*)"[^"]+"', rf'\1"{GRAPHS / "visual_chat/viewer"}"', text)
    for suffix, model in GENERATIVE.items():
        if str(GRAPHS) not in text and re.search(rf'calculator:\s*"\w*{suffix}"', text):
            text = re.sub(r'(models_path:\s*)"[^"]+"', rf'\1"{model}"', text)
    return text


def make_voices(text: str, folder: Path) -> None:
    for block in re.findall(r"voices:\s*\[(.*?)\]", text, re.DOTALL):
        for voice in re.findall(r'path:\s*"([^"/]+)"', block):
            if not (folder / voice).exists():
                np.zeros(VOICE_WIDTH, np.float32).tofile(folder / voice)


def with_adapters(text: str, folder: Path) -> str:
    """LoRA adapters where the graph names some: files that change nothing."""
    parts = {
        f"lora_unet_none.lora_{part}.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [4 * n, 4 * n + 4]}
        for n, part in enumerate(("down", "up"))
    }
    head = json.dumps(parts).encode()

    def placed(match: re.Match[str]) -> str:
        (folder / f"{match[2]}.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + bytes(8))
        return f'{match[1]}"{match[2]}.safetensors"'

    return re.sub(r'(lora_adapters\s*\{\s*alias:\s*"([^"]+)"\s*path:\s*)"[^"]*"', placed, text)


def with_handlers(text: str, case: Case, folder: Path) -> str:
    """Handlers of different graphs would share a module if their files had one name."""
    made = 0

    def renamed(match: re.Match[str]) -> str:
        nonlocal made
        written = Path(match[2])
        made += 1
        unique = f"handler_{re.sub(r'[^a-z0-9]', '_', case.name.lower())}_{made}.py"
        source = folder / case.paths.get(match[2], written.name)
        if source.is_file():
            shutil.copy(source, folder / unique)
        elif not ABSENT.search(case.message):
            loop = "LOOPBACK" in text
            (folder / unique).write_text(f"LOOP = {loop}\n{HANDLER}")
        return f'{match[1]}"{unique}"'

    return re.sub(r'(handler_path:\s*)"([^"]*)"', renamed, text)


def sized(word: str) -> int:
    """A dimension as it is written; anything but a number is dynamic."""
    return int(word) if word.strip().lstrip("-").isdigit() else -1


def make_model(model: Any, folder: Path) -> dict[str, Any]:
    """A model with the inputs and outputs that a label lists: outputs are the mean of the first input."""
    import openvino
    from openvino import opset13 as ops

    def ports(listed: Any) -> list[tuple[str, Any, list[int]]]:
        rows = (
            [(name, *kind.rstrip("]").split("[")) for name, kind in listed.items()]
            if isinstance(listed, dict)
            else [(p["name"], p.get("precision", "FP32"), ",".join(map(str, p["shape"]))) for p in listed]
        )
        return [
            (name, ELEMENT.get(kind, np.float32), [sized(word) for word in shape.split(",") if word.strip()])
            for name, kind, shape in rows
        ]

    name = str(model["name"])
    place = folder / f"{name}-{abs(hash(json.dumps(model, sort_keys=True))):x}"
    if not place.is_dir():
        sources = []
        for port, kind, shape in ports(model["inputs"]):
            source = ops.parameter(shape, kind, name=port)
            source.output(0).set_names({port})
            sources.append(source)
        flat = ops.reshape(ops.convert(sources[0], np.float32), np.array([-1]), False)
        mean = ops.reduce_mean(flat, np.array([0]), keep_dims=False)
        results = []
        for port, kind, shape in ports(model["outputs"]):
            wide = ops.broadcast(mean, np.array([max(d, 1) for d in shape], np.int64))
            result = ops.result(ops.convert(wide, kind))
            result.output(0).set_names({port})
            results.append(result)
        (place / "1").mkdir(parents=True)
        openvino.save_model(openvino.Model(results, sources, name), place / "1" / "model.xml", compress_to_fp16=False)
    return {"config": {"name": name, "base_path": str(place)}}


# -- the comparison ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rehearsal did. ``excused`` says why it does not count, empty where it does."""

    outcome: str
    phase: str
    excused: str = ""
    detail: str = ""


class AsLabelled(RehearsalEngine):
    """The engine with the environment of the labels: ``graphval check`` has inference options checked at load already,
    which a server does only where this variable says so."""

    def start(self, launch: Launch, limits: Limits) -> AbstractContextManager[Server]:
        environment = {**launch.environment, "GLOG_minloglevel": "2"}
        return super().start(replace(launch, environment=environment), limits)


def rehearse(cases: Sequence[Case], terms: Terms) -> dict[str, Shown]:
    """One batch on one server, begun anew after each death."""
    with tempfile.TemporaryDirectory(prefix="graphval-agreement-") as name:
        folder = Path(name)
        models: dict[str, dict[str, Any]] = {}
        for case in cases:
            for entry in stage(case, folder / case.name):
                models.setdefault(entry["config"]["name"], entry)
        config = {
            "model_config_list": list(models.values()),
            "mediapipe_config_list": [{"name": case.name} for case in cases],
        }
        (folder / "config.json").write_text(json.dumps(config))
        judgement = judge(load_deployment(folder / "config.json"), load_catalog(None))
        exercising = Exercising(judgement, AsLabelled(), terms)
        died = {event.graph for event in exercising.run() if isinstance(event, ServerDied)}
        return {case.name: shown(exercising.graphs[case.name], case.name in died) for case in cases}


def shown(outcome: Any, died: bool) -> Shown:
    states = {rung: stage.status for rung, stage in outcome.shown.items()}
    details = "; ".join(finding.message for finding in outcome.findings)
    skipped = [item for item in outcome.not_exercised if item.node is not None]
    bad = "abort" if died else "reject"
    if states.get(Rung.LOAD) is StageStatus.FAIL:
        return Shown(bad, "load", detail=details)
    for rung in (Rung.CREATE, Rung.SERVE):
        if states.get(rung) is StageStatus.FAIL:
            return Shown(bad, "request", detail=details)
    excused = skipped[0].reason if skipped else ""
    if not excused and states.get(Rung.CREATE) is not StageStatus.PASS:
        excused = outcome.not_exercised[0].reason if outcome.not_exercised else "inconclusive"
    return Shown("accept", "none", excused, details)


def groups(cases: Sequence[Case], most: int) -> list[list[Case]]:
    """Batches in which the name of a model or of an adapter always means the same."""
    made: list[tuple[list[Case], dict[str, Any]]] = []
    for case in cases:
        wanted: dict[str, Any] = {model["name"]: model for model in case.models}
        # An adapter's alias belongs to one graph of a server.
        text = (case.folder / "graph.pbtxt").read_text(errors="replace")
        wanted |= dict.fromkeys(re.findall(r'lora_adapters\s*\{\s*alias:\s*"([^"]+)"', text), case.name)
        for batch, models in made:
            if len(batch) < most and all(models.get(name, model) == model for name, model in wanted.items()):
                batch.append(case)
                models.update(wanted)
                break
        else:
            made.append(([case], wanted))
    return [batch for batch, _ in made]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the rehearsal with labels of a real server.")
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--batch", type=int, default=30)
    parser.add_argument("--deadline", type=float, default=8.0, help="seconds that one request may take")
    parser.add_argument("--only", default="", help="a pattern that the names of graphs must hold")
    arguments = parser.parse_args()
    terms = Terms(
        deadlines=Deadlines(creation=arguments.deadline, request=arguments.deadline),
        settings=ProbeSettings(depth=Depth.QUICK),
    )
    cases = [case for case in read_cases(arguments.labelled) if re.search(arguments.only, case.name)]
    tally: Counter[str] = Counter()
    excuses: Counter[str] = Counter()
    started = time.monotonic()
    for group in groups(cases, arguments.batch):
        for name, was in rehearse(group, terms).items():
            case = next(case for case in group if case.name == name)
            if was.outcome == "accept" and NO_SIDE_PACKET.search(case.message):
                was = replace(was, excused="the label's request gave no side packet, ours does")
            if case.elsewhere and was.phase == "load" and case.phase != "load":
                was = replace(was, excused="it asks for a GPU or NPU")
            if case.load_only and was.phase == "request":
                was = replace(was, outcome="accept", phase="none")
            agreed = (was.outcome, was.phase) == (case.outcome, case.phase)
            if was.excused and not agreed:
                tally["not exercised"] += 1
                excuses[was.excused] += 1
            else:
                tally["agreed" if agreed else "disagreed"] += 1
                if not agreed:
                    print(f"{name}: server {case.outcome}/{case.phase} ({case.message[:150]!r}), rehearsal "
                          f"{was.outcome}/{was.phase} ({was.detail[:200]!r})", flush=True)  # fmt: skip
    counted = tally["agreed"] + tally["disagreed"]
    print(f"{tally['agreed']} of {counted} agree ({tally['agreed'] / max(1, counted):.1%}), "
          f"{tally['not exercised']} not exercised, {time.monotonic() - started:.0f} s")  # fmt: skip
    for reason, count in excuses.most_common():
        print(f"  {count} not exercised: {reason}")


if __name__ == "__main__":
    main()
