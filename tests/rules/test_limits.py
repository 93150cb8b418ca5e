"""Numbers and words that rules compare with, just inside and just outside of what is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.catalog import DeviceProperty, releases
from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.findings import Effect, Finding, Phase, Severity
from graphval.rules.deployment.plugin_properties import is_refused
from graphval.rules.run import judge

from .genai_deployments import GOOD, IMAGE, Case, findings
from .judging import judged

ECHO = (
    'input_stream: "in"\noutput_stream: "out"\n'
    'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
)


def pointed(text: str, finding: Finding) -> str:
    """The text a finding points at."""
    at = finding.location
    return text.splitlines()[at.line - 1][at.column - 1 : at.end_column - 1]


def told(text: str, code: str, release: str | None = None) -> list[tuple[str, str]]:
    found = judged(text, release=release, no_models=True).findings
    return [(pointed(text, finding), finding.message) for finding in found if finding.code == code]


# -- threads ---------------------------------------------------------------------------------------------------------

POOL = 'executor { name: "pool" type: "ThreadPoolExecutor" '
OPTIONS = "options { [mediapipe.ThreadPoolExecutorOptions.ext] { "


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("num_threads: 0", ""),
        ("num_threads: -1", ""),
        ("num_threads: 1", ""),
        ("num_threads: 30000", ""),
        ("num_threads: -2", "num_threads must be above 0, not -2"),
        ("num_threads: 30001", "30001 threads cannot be made"),
        (POOL + OPTIONS + "num_threads: 1 } } }", ""),
        (POOL + OPTIONS + "num_threads: 30000 } } }", ""),
        (POOL + OPTIONS + "num_threads: 0 } } }", "num_threads must be above 0, not 0"),
        (POOL + OPTIONS + "num_threads: -1 } } }", "num_threads must be above 0, not -1"),
        (POOL + OPTIONS + "num_threads: 30001 } } }", "30001 threads cannot be made"),
        (POOL + OPTIONS + "num_threads: 1 stack_size: 1 } } }", ""),
        (POOL + OPTIONS + "num_threads: 1 stack_size: 0 } } }", "stack_size must be above 0, not 0"),
        (POOL + OPTIONS + "num_threads: 1 stack_size: -1 } } }", "stack_size must be above 0, not -1"),
        (POOL + OPTIONS + "} } }", "the thread pool has no num_threads"),
        (POOL + OPTIONS + "stack_size: 0 } } }", "the thread pool has no num_threads"),
        (POOL + "}", "the thread pool has no num_threads"),
        ("executor { " + OPTIONS + "num_threads: 0 } } }", ""),
        ("executor { " + OPTIONS + "num_threads: -1 } } }", ""),
        ("executor { " + OPTIONS + "num_threads: 1 } } }", ""),
        ("executor { " + OPTIONS + "num_threads: -2 } } }", "num_threads must be above 0, not -2"),
        ("executor { " + OPTIONS + "} } }", ""),
        ('executor { name: "e" type: "NoSuchExecutor" ' + OPTIONS + "num_threads: -2 } } }", ""),
    ],
)
def test_numbers_of_threads(line: str, found: str) -> None:
    messages = [message for _, message in told(f"{ECHO}{line}\n", "GV535")]
    assert messages == ([found] if found else [])


def test_too_many_threads_end_the_server() -> None:
    [few, many] = [
        next(f for f in judged(f"{ECHO}num_threads: {number}\n").findings if f.code == "GV535")
        for number in (-2, 30_001)
    ]
    assert (few.effect, many.effect) == (Effect.REJECT, Effect.ABORT)


def test_each_thread_pool_is_looked_at() -> None:
    pools = [
        f'executor {{ name: "{name}" type: "ThreadPoolExecutor" {OPTIONS}num_threads: -{name} }} }} }}'
        for name in "234"
    ]
    assert [place for place, _ in told(ECHO + "\n".join(pools), "GV535")] == ["-2", "-3", "-4"]


# -- pool ------------------------------------------------------------------------------------------------------------

READS_THE_DIRECTIVE = [release for release in releases() if release >= "2026.3"]
"""OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp`: the pool came with 2026.2 and is on by default since."""


@pytest.mark.parametrize("value", ["two", "-1", "auto"])
def test_releases_that_read_the_pool_directive(value: str) -> None:
    text = f"# OVMS_GRAPH_QUEUE_MAX_SIZE: {value}\n{ECHO}"
    assert [release for release in releases() if told(text, "GV520", release)] == READS_THE_DIRECTIVE


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("AUTO", ""),
        ("0", ""),
        ("1", ""),
        ("-1", "the pool size must be 0 (off) or positive, not -1"),
        ("two", '"two" is neither a whole number nor AUTO'),
    ],
)
def test_sizes_of_the_pool(value: str, found: str) -> None:
    expected = [(value, found)] if found else []
    assert told(f"# OVMS_GRAPH_QUEUE_MAX_SIZE: {value}\n{ECHO}", "GV520") == expected


# -- generative nodes ------------------------------------------------------------------------------------------------


def genai(case: Case, code: str, folder: Path) -> list[Finding]:
    return [finding for finding in findings(case, folder, no_models=True) if finding.code == code]


@pytest.mark.parametrize(
    ("device", "wrong", "mended"),
    [
        ("CPU", "", ""),
        ("GPU.0", "", ""),
        ("GPU.0.1", "", ""),
        ("GPU(1)", "", ""),
        ("-CPU", "", ""),
        ("TEMPLATE", "", ""),
        ("", "", ""),
        ("AUTO", "", ""),
        ("AUTO:", "", ""),
        ("AUTO:GPU,CPU", "", ""),
        ("AUTO:GPU, CPU", "", ""),
        ("AUTO:FOO,CPU", "", ""),
        ("AUTO:CPU,FOO", "", ""),
        ("AUTO:FOO", "FOO", ""),
        ("HETERO:XPU,YPU", "XPU", ""),
        ("MULTI:XPU", "XPU", ""),
        ("BATCH:XPU", "XPU", ""),
        ("cpu", "cpu", "CPU"),
        ("gpu.1", "gpu.1", "GPU.1"),
        (" CPU", " CPU", "CPU"),
        ("auto", "auto", "AUTO"),
        ("CPU,GPU", "CPU,GPU", ""),
        ("CPU GPU", "CPU GPU", ""),
        ("CPU:0", "CPU:0", ""),
        ("CPU.", "CPU.", ""),
        ("GPUU", "GPUU", ""),
        ("--CPU", "--CPU", ""),
        ("GPU(x)", "GPU(x)", ""),
    ],
)
@pytest.mark.parametrize("field", ["device", "draft_device"])
def test_names_of_devices(field: str, device: str, wrong: str, mended: str, tmp_path: Path) -> None:
    case = GOOD["llm with draft"].without_option("draft_device").with_option(f'{field}: "{device}"')
    found = genai(case, "GV770", tmp_path)
    assert [finding.message for finding in found] == ([f'OpenVINO has no device "{wrong}"'] if wrong else [])
    assert [edit.text for finding in found for edit in finding.edits] == ([f'"{mended}"'] if mended else [])
    assert [pointed(case.graph, finding) for finding in found] == ([f'"{device}"'] if wrong else [])


@pytest.mark.parametrize(
    ("device", "wrong"), [("CPU GPU NPU", ""), ("CPU GPUU NPUU", "GPUU"), ("CPU, GPU", "CPU,"), ("HETERO:X CPU", "X")]
)
def test_images_are_made_on_several_devices(device: str, wrong: str, tmp_path: Path) -> None:
    case = GOOD["image"].without_option("device").with_option(f'device: "{device}"')
    messages = [finding.message for finding in genai(case, "GV770", tmp_path)]
    assert messages == ([f'OpenVINO has no device "{wrong}"'] if wrong else [])


@pytest.mark.parametrize("name", ["embeddings", "rerank", "listen", "speak"])
def test_the_device_of_each_kind_of_node(name: str, tmp_path: Path) -> None:
    case = GOOD[name].without_option("target_device").with_option('target_device: "XPU"')
    assert [finding.message for finding in genai(case, "GV770", tmp_path)] == ['OpenVINO has no device "XPU"']


@pytest.mark.parametrize(
    "line",
    [
        "draft_max_num_batched_tokens: 8",
        "draft_cache_size: 1",
        "draft_dynamic_split_fuse: true",
        "draft_max_num_seqs: 4",
        'draft_device: "CPU"',
        "draft_block_size: 32",
    ],
)
def test_options_of_a_draft_model_without_one(line: str, tmp_path: Path) -> None:
    name = line.partition(":")[0]
    for more, found in (("", True), ('draft_models_path: ""', True), ('draft_models_path: "small"', False)):
        case = GOOD["llm"].with_option(line).with_option(more)
        messages = [finding.message for finding in genai(case, "GV726", tmp_path)]
        assert messages == ([f"{name} is set, but there is no draft_models_path"] if found else [])


def test_other_options_need_no_draft_model(tmp_path: Path) -> None:
    assert genai(GOOD["llm"].with_option("max_num_seqs: 4"), "GV726", tmp_path) == []
    two = GOOD["llm"].with_option("draft_cache_size: 1").with_option("draft_max_num_seqs: 4")
    [found] = genai(two, "GV726", tmp_path)
    assert pointed(two.graph, found) == "draft_cache_size: 1"


# -- adapters --------------------------------------------------------------------------------------------------------


def image(*options: str) -> Case:
    return Case(IMAGE, ('models_path: "model"', *options))


@pytest.mark.parametrize(
    ("device", "mode", "found"),
    [
        ("NPU", "", True),
        ("NPU", "mode: DYNAMIC", True),
        ("NPU", "mode: STATIC", False),
        ("NPU", "mode: AUTO", False),
        ("CPU NPU", "", True),
        ("CPU", "", False),
        ("CPU", "mode: DYNAMIC", False),
        (None, "", False),
    ],
)
def test_adapters_on_npu(device: str | None, mode: str, found: bool, tmp_path: Path) -> None:
    case = image(f'lora_adapters {{ alias: "a" path: "a.safetensors" {mode} }}')
    case = case if device is None else case.with_option(f'device: "{device}"')
    told_of = genai(case, "GV734", tmp_path)
    assert bool(told_of) is found
    if found and mode:
        assert pointed(case.graph, told_of[0]) == "DYNAMIC"


def test_each_adapter_on_npu_is_told_of(tmp_path: Path) -> None:
    lines = [
        f'lora_adapters {{ alias: "{name}" path: "a" {mode} }}'
        for name, mode in (("a", ""), ("b", "mode: STATIC"), ("c", ""))
    ]
    found = genai(image(*lines, 'device: "NPU"'), "GV734", tmp_path)
    assert len(found) == 2
    assert all(near.message == "the device" for finding in found for near in finding.related)


@pytest.mark.parametrize(
    ("components", "wrong"),
    [
        (["ink"], []),
        (["ink", "oil"], []),
        (["ink", "gum"], ["gum"]),
        (["gum", "tar"], ["gum", "tar"]),
        (["mix"], ["mix"]),  # a blend of blends
    ],
)
def test_components_of_blends(components: list[str], wrong: list[str], tmp_path: Path) -> None:
    parts = " ".join(f'components {{ adapter_alias: "{name}" }}' for name in components)
    case = image(
        'lora_adapters { alias: "ink" path: "i" }',
        'lora_adapters { alias: "oil" path: "o" }',
        f'composite_lora_adapters {{ alias: "mix" {parts} }}',
    )
    found = genai(case, "GV732", tmp_path)
    assert [finding.message for finding in found] == [f'no adapter of this node is called "{name}"' for name in wrong]
    assert [pointed(case.graph, finding) for finding in found] == [f'"{name}"' for name in wrong]


def adapters(folder: Path, *aliases: str, blend: str = "", code: str = "GV731", model_name: str = "model") -> list[str]:
    """What is said of an image graph between two others, beside a model."""
    lines = [f'lora_adapters {{ alias: "{alias}" path: "a" }}' for alias in aliases]
    lines += [f'composite_lora_adapters {{ alias: "{blend}" components {{ adapter_alias: "x" }} }}'] if blend else []
    config = {
        "model_config_list": [{"config": {"name": model_name, "base_path": "m"}}],
        "mediapipe_config_list": [{"name": name} for name in ("before", "image", "after")],
    }
    files = {"config.json": json.dumps(config), "before/graph.pbtxt": ECHO, "after/graph.pbtxt": ECHO}
    for name, text in {**files, "image/graph.pbtxt": image(*lines).graph}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    judgement = judge(load(folder / "config.json"), load_catalog(), no_models=True)
    found = [finding for graph in judgement.graphs for finding in graph.findings if finding.code == code]
    return [
        f"{f.severity} {f.effect} {f.message}"
        + "".join(f"; {n.message} {Path(n.location.file).name}" for n in f.related)
        for f in found
    ]


TAKEN = 'error reject "{}" is already the name of another servable; the other one config.json'
TWICE = 'warning wrong two adapters are called "{}"; the first one graph.pbtxt'


@pytest.mark.parametrize(
    ("aliases", "blend", "expected"),
    [
        (["a", "b"], "c", []),
        (["model"], "", [TAKEN.format("model")]),
        (["before"], "", [TAKEN.format("before")]),
        (["after"], "", []),  # comes later, and is then refused itself
        (["image"], "", []),
        (["a"], "before", [TAKEN.format("before")]),
        (["a", "a"], "", [TWICE.format("a")]),
        (["a", "a", "a"], "", [TWICE.format("a")] * 2),
        (["a"], "a", [TWICE.format("a")]),
        (["before", "before"], "", [TAKEN.format("before")] * 2),
    ],
)
def test_aliases_of_adapters(tmp_path: Path, aliases: list[str], blend: str, expected: list[str]) -> None:
    assert adapters(tmp_path, *aliases, blend=blend) == expected


def test_a_graph_that_a_model_keeps_out_is_told_of_once(tmp_path: Path) -> None:
    assert adapters(tmp_path, "image", model_name="image") == []
    assert len(adapters(tmp_path, "image", model_name="image", code="GV612")) == 1


# -- images ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("device: 'CPU'", ""),
        ("device: ''", ""),
        ("device: 'CPU GPU'", "device names 2 devices"),
        ("device: 'CPU GPU CPU CPU'", "device names 4 devices"),
        ("device: 'CPU GPU  NPU' resolution: '8x8'", ""),
        ("device: 'NPU'", "NPU needs a fixed resolution"),
        ("device: 'CPU CPU NPU'", "NPU needs a fixed resolution"),
        ("device: 'NPU' resolution: '8x8'", ""),
        ("device: 'NPU' resolution: '8x8 9x9'", "NPU takes one fixed resolution, not 2"),
        ("resolution: '8x8  9x9 '", ""),
        ("resolution: '8x8 8x8'", "resolution names a size twice"),
        ("resolution: '8x8 9'", "resolution is not a list of WIDTHxHEIGHT"),
        ("guidance_scale: 1.5", "guidance_scale needs a fixed resolution"),
        ("num_images_per_prompt: 2", "num_images_per_prompt needs a fixed resolution"),
        ("guidance_scale: 1.5 resolution: '8x8'", ""),
        ("guidance_scale: 1.5 resolution: '8x8 9x9'", "guidance_scale needs one fixed resolution, and there are 2"),
        (
            "num_images_per_prompt: 2 resolution: '8x8 9x9 10x10'",
            "num_images_per_prompt needs one fixed resolution, and there are 3",
        ),
        ("max_resolution: '8x8'", ""),
        ("max_resolution: '8x8' resolution: '8x8'", "max_resolution has no meaning with a fixed resolution"),
        ("max_resolution: 'auto'", "max_resolution is not WIDTHxHEIGHT"),
        ("max_num_images_per_prompt: 2", ""),
        (
            "max_num_images_per_prompt: 2 resolution: '8x8'",
            "max_num_images_per_prompt has no meaning with a fixed resolution",
        ),
        ("max_num_images_per_prompt: 2 resolution: '8x8 9x9'", ""),
        ("default_resolution: '4096x4096'", ""),
        ("default_resolution: '4097x1'", "default_resolution 4097x1 is above the maximum 4096x4096"),
        ("default_resolution: '1x4097'", "default_resolution 1x4097 is above the maximum 4096x4096"),
        ("default_resolution: '9x8' max_resolution: '9x8'", ""),
        ("default_resolution: '9x9' max_resolution: '9x8'", "default_resolution 9x9 is above the maximum 9x8"),
        ("default_resolution: 'auto'", "default_resolution is not WIDTHxHEIGHT"),
        ("default_resolution: '9x9' resolution: '8x8 9x9'", ""),
        (
            "default_resolution: '9x8' resolution: '8x8 9x9'",
            "default_resolution is not among the fixed resolutions",
        ),
    ],
)
def test_options_of_images_beside_each_other(options: str, found: str, tmp_path: Path) -> None:
    """OVMS `src/image_gen/imagegen_init.cpp` (2026.4), ``prepareImageGenPipelineArgs``."""
    assert [finding.message for finding in genai(image(options), "GV730", tmp_path)] == ([found] if found else [])


# -- side packets ----------------------------------------------------------------------------------------------------

RESOURCES = {
    "py": "PythonNodeResourcesMap",
    "llm": "GenAiServableMap",
    "llm_ctx": "GenAiExecutionContextMap",
    "pipes": "ImageGenerationPipelinesMap",
    "embeddings_servable": "EmbeddingsServableMap",
    "rerank_servable": "RerankServableMap",
    "s2t_servable": "SttServableMap",
    "t2s_servable": "TtsServableMap",
}
"""OVMS `src/mediapipe_internal/mediapipegraphexecutor.cpp` and `mediapipegraphdefinition.hpp` (2026.4)."""


@pytest.mark.parametrize("name", RESOURCES)
@pytest.mark.parametrize("kind", ["llm", "image", "embeddings", "rerank", "listen", "speak"])
def test_names_that_the_server_supplies(kind: str, name: str, tmp_path: Path) -> None:
    case = GOOD[kind]
    tag, _, own = case.kind.side_packet.partition(":")
    changed = replace(case, kind=replace(case.kind, side_packet=f"{tag}:{name}"))
    found = genai(changed, "GV705", tmp_path)
    if name == own:
        assert found == []
        return
    [refused] = found
    assert refused.message == (
        f'OVMS supplies "{name}" as {RESOURCES[name]}, and {case.kind.calculator} needs {RESOURCES[own]}'
    )
    assert [edit.text for edit in refused.edits] == [f'"{tag}:{own}"']
    assert pointed(changed.graph, refused) == f'"{tag}:{name}"'


@pytest.mark.parametrize(
    ("calculator", "tag", "severity", "effect"),
    [
        ("TensorsToDetectionsCalculator", "ANCHORS", Severity.ERROR, Effect.REJECT),
        ("OpenVINOTensorsToDetectionsCalculator", "ANCHORS", Severity.ERROR, Effect.REJECT),
        ("TensorsToDetectionsCalculator", "IGNORE_CLASSES", Severity.WARNING, Effect.WRONG),
        ("GateCalculator", "ALLOW", Severity.WARNING, Effect.WRONG),
    ],
)
def test_optional_side_packets_that_nobody_supplies(
    calculator: str, tag: str, severity: Severity, effect: Effect
) -> None:
    text = f'{ECHO}node {{ calculator: "{calculator}" input_side_packet: "{tag}:given" }}\n'
    [found] = [finding for finding in judged(text).findings if finding.code == "GV218"]
    assert (found.severity, found.effect, pointed(text, found)) == (severity, effect, f'"{tag}:given"')


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("", None),
        ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 0\n", None),
        ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n", ", since requests to a graph pool cannot carry side packets"),
        ('input_stream: "HTTP_REQUEST_PAYLOAD:more"\n', ", since requests over /v3 carry no side packets"),
    ],
)
def test_an_optional_side_packet_that_is_left_to_requests(head: str, reason: str | None) -> None:
    gate = 'node { calculator: "GateCalculator" input_stream: "in" output_stream: "x" input_side_packet: "ALLOW:go" }\n'
    found = [f for f in judged(f'{head}{ECHO}input_side_packet: "go"\n{gate}').findings if f.code == "GV218"]
    assert [f.message for f in found] == ([f'nobody supplies the side packet "go"{reason}'] if reason else [])


@pytest.mark.parametrize(
    ("calculator", "tag", "kind"),
    [
        ("TfLiteTensorsToDetectionsCalculator", "ANCHORS", "vector<Anchor>"),
        ("CountingSourceCalculator", "INCREMENT", "int"),
        ("ThresholdingCalculator", "THRESHOLD", "double"),
        ("TfLiteModelCalculator", "MODEL_RESOURCE", "Resource"),
    ],
)
def test_side_packets_that_may_be_left_out_but_not_be_missing(calculator: str, tag: str, kind: str) -> None:
    text = f'{ECHO}node {{ calculator: "{calculator}" input_side_packet: "{tag}:given" }}\n'
    found = [finding for finding in judged(text).findings if finding.code in ("GV212", "GV218")]
    assert [(f.code, f.severity, f.phase, pointed(text, f)) for f in found] == [
        ("GV212", Severity.ERROR, Phase.CREATE, f'"{tag}:given"')
    ]
    assert found[0].message.endswith(f"a request parameter cannot carry a {kind}")
    declared = text + 'node { calculator: "ConstantSidePacketCalculator" output_side_packet: "PACKET:given" }\n'
    assert not [f for f in judged(declared).findings if f.code in ("GV212", "GV218")]


# -- properties of devices -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "took", "taken", "refused"),
    [
        ("integer", (), (1, -1, 0.5, "many", True, None), ()),
        ("boolean", (True,), (True, False), (1, 0)),
        ("boolean", (False,), (), (True, False)),
        ("boolean", (True, False, "YES", "NO"), (True, False, "YES", "yes", "No"), ("maybe", "1", 1)),
        ("integer", (0, 1, 2), (0, 1, 2, 7), (-1, -7, 0.5, True, "many")),
        ("integer", (0, 2), (0, 2, 3), (1, -1)),
        ("integer", (1,), (1,), (0, 2, True)),
        ("integer", (-1, "1"), (-1, -5, "1", "7", "-3", "+4", "1.5"), (0, 1, "many", "")),
        ("number", (0.5,), (0.5, 1.5, 1e30), (-0.5, -2.5, 1, -1)),
        ("number", (0.5, -0.5, 1), (0.5, -0.5, -2.5, -1e-30, 1), (0, -1)),
        ("text", (1,), (1, "", "any"), (0, 2)),
        ("choice", ("A", "B"), ("A", "B"), ("a", "C", "C1")),
        ("choice", ("f32", "undefined"), ("f32", "f16", "undefined"), ("half", "")),
        ("integer", ("1",), (None, [1]), ()),
    ],
)
def test_values_that_the_plugin_took_tell_of_others(
    kind: str, took: tuple[str | float, ...], taken: tuple[object, ...], refused: tuple[object, ...]
) -> None:
    found = DeviceProperty("ANY", {}, (), kind, (), took)
    assert [value for value in taken if is_refused(found, value)] == []
    assert [value for value in refused if not is_refused(found, value)] == []
