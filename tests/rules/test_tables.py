"""Tables of names in rules: each name counts, and what the rules' metadata names is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor

from graphval.catalog import load as load_catalog
from graphval.catalog import releases
from graphval.findings import Finding
from graphval.rules.calculators import relative_file
from graphval.rules.executors.profiler_filter import why_no_expression
from graphval.rules.mechanism import Rule
from graphval.rules.registry import all_rules

from .genai_deployments import GOOD, LLM, Case, findings
from .judging import judged
from .nodes_in_short import contract_of
from .test_flow import BORDER, node
from .test_genai_places import llm
from .test_genai_places import told as told_of

ROOT = Path(__file__).resolve().parents[2]
CATALOG = load_catalog()


def told(text: str, code: str, release: str | None = None) -> list[Finding]:
    return [finding for finding in judged(text, release=release).findings if finding.code == code]


# -- what rules say of themselves --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_the_list_of_rules_tells_the_facts_of_each(rule: Rule) -> None:
    facts = f"| {rule.name} | {rule.severity} | {rule.phase} | {rule.effect} |"
    assert f"| [{rule.code}]({rule.code}.md) {facts}" in (ROOT / "docs/rules/README.md").read_text(encoding="utf-8")


def field_names(message: Descriptor, seen: set[str]) -> set[str]:
    if message.full_name in seen:
        return set()
    seen.add(message.full_name)
    inner = [field_names(field.message_type, seen) for field in message.fields if field.message_type is not None]
    return {field.name for field in message.fields}.union(*inner)


def test_rules_hang_on_fields_and_calculators_that_there_are() -> None:
    seen: set[str] = set()
    messages = [CATALOG.message(name) for name in sorted(CATALOG.options_messages)]
    fields = field_names(CATALOG.graph_config, seen).union(
        *(field_names(message, seen) for message in messages if message is not None)
    )
    calculators = {name for release in releases() for name in load_catalog(release).registered}
    kinds = {initializer.kind for name in CATALOG.calculators if (initializer := CATALOG.node_initializer(name))}
    for rule in all_rules().values():
        assert set(rule.written) <= fields, rule.code
        assert set(rule.calculators) <= calculators, rule.code
        assert set(rule.prepared_as) <= kinds, rule.code


# -- calculators -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["labels.txt", "/models/labels.txt", ""])
@pytest.mark.parametrize("calculator", relative_file._FIELDS)
def test_files_that_calculators_open(calculator: str, path: str) -> None:
    message, field = contract_of(calculator).options_message, relative_file._FIELDS[calculator]
    options = f"node_options {{ [type.googleapis.com/{message}] {{ {field}: '{path}' }} }}"
    assert len(told(node(calculator, options=options), "GV318")) == (path == "labels.txt")


@pytest.mark.parametrize(
    ("subgraph", "what"),
    [
        ("FaceLandmarksModelLoader", "a model of mediapipe/modules/face_landmark"),
        ("HandLandmarkCpu", "mediapipe/modules/hand_landmark/handedness.txt"),
        ("HandLandmarkModelLoader", "a model of mediapipe/modules/hand_landmark"),
        ("HandLandmarksFromPoseCpu", "mediapipe/modules/hand_landmark/handedness.txt"),
        ("HandLandmarksLeftAndRightCpu", "mediapipe/modules/hand_landmark/handedness.txt"),
        ("HolisticLandmarkCpu", "mediapipe/modules/hand_landmark/handedness.txt"),
        ("PoseLandmarkModelLoader", "a model of mediapipe/modules/pose_landmark"),
    ],
)
def test_files_that_subgraphs_open(subgraph: str, what: str) -> None:
    [found] = told(node(subgraph), "GV318")
    assert found.message == f"{subgraph} reads {what} from the server's working directory"


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("source_layer: 1", "source_layer"),
        ("buffer_size_hint: 1", "buffer_size_hint"),
        ('output_stream_handler { output_stream_handler: "InOrderOutputStreamHandler" }', "output_stream_handler"),
        ('input_stream_info { tag_index: "IMAGE" back_edge: false }', "input_stream_info"),
        ("source_layer: 0 buffer_size_hint: 0", None),
    ],
)
def test_fields_that_subgraph_nodes_cannot_set(written: str, field: str | None) -> None:
    found = told(node("HandLandmarkCpu", "> IMAGE:in", options=written), "GV320")
    assert [finding.message for finding in found] == (
        [f"HandLandmarkCpu is a subgraph, and subgraph nodes cannot set {field}"] if field else []
    )


def test_all_that_a_calculator_takes_is_listed() -> None:
    [found] = told(BORDER.format("in", "out") + node("GateCalculator", "> in", "> QQ:in", "< out"), "GV304")
    assert found.help == "it takes untagged ones, ALLOW, DISALLOW"


# -- handlers ----------------------------------------------------------------------------------------------------------


def test_the_handler_of_the_graph_is_looked_at() -> None:
    graph = BORDER.format("in", "out") + node("PassThroughCalculator", "> in", "< out")
    [found] = told(f'{graph}input_stream_handler {{ input_stream_handler: "NoSuch" }}\n', "GV508")
    assert found.message == 'OVMS has no input stream handler "NoSuch"'


def test_a_loop_through_a_node_that_a_graph_input_feeds_too() -> None:
    """The graph input stands last and is looked at first."""
    back = 'input_stream_info { tag_index: ":1" back_edge: true }'
    turned = node("PassThroughCalculator", "> in", "> again", "< one", "< out", options=back)
    merged = node("PassThroughCalculator", "> one", "> in", "< again", "< x")
    assert len(told(BORDER.format("in", "out") + turned + merged, "GV513")) == 1


@pytest.mark.parametrize("pattern", ["(?:a)", "(?=a)", "(?!a)", r"\d*", "[a]*", "a{2}", "a?", "(a)*", "a|b", "^a$"])
def test_patterns_that_are_taken(pattern: str) -> None:
    assert why_no_expression(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(?<a)", "after (? stands neither : nor = nor !"),
        ("(?", "after (? stands neither : nor = nor !"),
        ("a\\", "it ends with a backslash"),
        (r"\b*", "nothing stands before a *"),
        (r"\B+", "nothing stands before a +"),
        ("^*", "nothing stands before a *"),
        ("$?", "nothing stands before a ?"),
        ("a|+", "nothing stands before a +"),
        ("(*)", "nothing stands before a *"),
        ("[a", "a [ is not closed"),
        ("(a", "a ( is not closed"),
        ("a)", "a ) closes nothing"),
        ("(a))", "a ) closes nothing"),
    ],
)
def test_patterns_that_are_refused(pattern: str, why: str) -> None:
    assert why_no_expression(pattern) == why


# -- generative nodes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        *("CPU_THROUGHPUT_STREAMS", "GPU_THROUGHPUT_STREAMS", "CPU_THREADS_NUM"),
        *("prompt_lookup", "enable_save_ov_model", "word_timestamps"),
    ],
)
def test_keys_that_are_taken_out_before_a_device_sees_them(key: str) -> None:
    assert "GV772" not in {found.code for found in told_of(llm(f"plugin_config: '{{\"{key}\": 1}}'"))}
    inside = f'plugin_config: \'{{"DEVICE_PROPERTIES": {{"CPU": {{"{key}": 1}}}}}}\''
    assert "GV772" in {found.code for found in told_of(llm(inside))}


@pytest.mark.parametrize("key", ["ATTENTION_BACKEND", "BLOB_PATH", "EXPORT_BLOB", "STATIC_PIPELINE"])
def test_keys_that_pipelines_without_batching_take_out(key: str) -> None:
    line = f'plugin_config: \'{{"{key}": "x"}}\''
    assert "GV772" not in {found.code for found in told_of(llm(line, "pipeline_type: LM"))}
    assert "GV772" in {found.code for found in told_of(llm(line, "pipeline_type: LM_CB"))}


@pytest.mark.parametrize(
    "key", ["MAX_PROMPT_LEN", "MIN_RESPONSE_LEN", "PREFILL_HINT", "GENERATE_HINT", "PREFILL_CHUNK_SIZE"]
)
def test_keys_for_npu(key: str) -> None:
    line = f"plugin_config: '{{\"{key}\": 1}}'"
    [found] = [found for found in told_of(llm(line)) if found.code == "GV772"]
    assert found.help == 'remove it, or write device: "NPU"'
    on_gpu = Case(LLM, ('models_path: "m"', 'device: "GPU"', line))
    [found] = [found for found in told_of(on_gpu) if found.code == "GV772"]
    assert found.message == f'"{key}" is for NPU, and the device is GPU'
    assert "GV772" not in {f.code for f in told_of(Case(LLM, ('models_path: "m"', 'device: "NPU"', line)))}


def test_a_gguf_file_beside_is_advice_for_language_models_alone(tmp_path: Path) -> None:
    for name, kind in (("llm", "GGUF model is named by its file"), ("embeddings", "put the exported model there")):
        case = GOOD[name]
        model = next(file for file in case.files if file.endswith("openvino_model.xml"))
        bare = case.without_file(model).with_file(str(Path(model).with_name("m.gguf")), "GGUF")
        [found] = [found for found in findings(bare, tmp_path / name) if found.code == "GV721"]
        assert kind in found.help


def test_what_a_model_lacks_is_told_where_the_pipeline_is_chosen(tmp_path: Path) -> None:
    case = GOOD["llm"]
    model = next(file for file in case.files if file.endswith("openvino_model.xml"))
    case = case.without_option("pipeline_type").with_file(model, '<net><layer type="ReadValue"/></net>')
    for number, (line, place) in enumerate((("pipeline_type: LM_CB", "LM_CB"), ("", '"'))):
        shown = case.with_option(line) if line else case
        [found] = [found for found in findings(shown, tmp_path / str(number)) if found.code == "GV764"]
        at = found.location
        assert shown.graph.splitlines()[at.line - 1][at.column - 1 :].startswith(place)


# -- others ------------------------------------------------------------------------------------------------------------


def test_the_folder_for_temporary_files_is_always_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphval.rules.executors.trace_log_path.is_directory", lambda _: False)
    graph = BORDER.format("in", "out") + node("PassThroughCalculator", "> in", "< out")
    for path, there in (("/tmp/trace_", True), ("/var/trace_", False)):
        text = f'{graph}profiler_config {{ trace_enabled: true trace_log_path: "{path}" }}\n'
        assert (told(text, "GV543") == []) is there


def test_a_misspelt_tag_in_place_of_a_needed_one_is_mended() -> None:
    text = BORDER.format("in", "out") + node("EndLoopTensorCalculator", "> ITEM:in", "> BATCH_EN:in", "< ITERABLE:out")
    [found] = told(text, "GV303")
    assert [edit.text for edit in found.edits] == ['"BATCH_END:in"']
    text = BORDER.format("in", "out") + node("EndLoopTensorCalculator", "> ITEM:in", "> in", "< ITERABLE:out")
    [found] = told(text, "GV303")
    assert found.edits == ()


@pytest.mark.parametrize(
    ("low", "high", "fits"), [(-100, 100, True), (-128, 127, True), (-129, 0, False), (0, 128, False)]
)
def test_the_range_of_whole_numbers(low: int, high: int, fits: bool) -> None:
    options = f"output_tensor_int_range {{ min: {low} max: {high} }}"
    written = f"node_options {{ [type.googleapis.com/mediapipe.ImageToTensorCalculatorOptions] {{ {options} }} }}"
    found = told(node("ImageToTensorCalculator", "> IMAGE:in", "< TENSORS:out", options=written), "GV311")
    found += told(node("ImageToTensorCalculator", "> IMAGE:in", "< TENSORS:out", options=written), "GV310")
    assert any("output_tensor_int_range" in finding.message for finding in found) is not fits


def test_a_side_packet_is_reserved_where_the_release_supplies_it() -> None:
    text = node("PythonExecutorCalculator", "} PYTHON_NODE_RESOURCES:t2s_servable", "> A:in", "< B:out")
    assert len(told(text, "GV705")) == 1
    assert told(text, "GV705", release="2024.5") == []


def test_a_graph_that_cannot_be_read_is_not_passed_over() -> None:
    assert judged("node {").never_loaded is False
