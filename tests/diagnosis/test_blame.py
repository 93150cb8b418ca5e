"""Which words of a server lead to which line of a graph."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.diagnosis.blame import blame
from tests.diagnosis.graphs import graph_of

TEXT = """# OVMS_GRAPH_QUEUE_MAX_SIZE: nine
input_stream: "OVTENSOR:in"                                                                      # in
input_stream: "TFTENSOR:tf"                                                                      # tf
output_stream: "OVTENSOR:out"                                                                    # out
output_stream: "IMAGE:picture"                                                                   # picture
input_side_packet: "side"                                                                        # side
num_threads: 3                                                                                   # threads
executor { name: "pool" type: "ThreadPoolExecutor" }                                             # pool
executor { name: "odd" type: "OddExecutor" }                                                     # odd
node {
  name: "opens"
  calculator: "ImageTransformationCalculator"                                                    # opens
  input_stream: "IMAGE:in"                                                                       # opens in
  output_stream: "IMAGE:turned"                                                                  # opens out
  node_options: { [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]: {
    output_width: 7                                                                              # width
  } }
}
node {
  calculator: "PassThroughCalculator"                                                            # pass 1
  input_stream: "turned"                                                                         # pass 1 in
  output_stream: "picture"                                                                       # pass 1 out
}
node {
  calculator: "PassThroughCalculator"                                                            # pass 2
  input_stream: "tf"                                                                             # pass 2 in
  input_stream: "in"                                                                             # pass 2 in 2
  output_stream: "a"
  output_stream: "out"                                                                           # pass 2 out
  executor: "nowhere"                                                                            # nowhere
}
node {
  name: "sets"
  calculator: "MuxCalculator"                                                                    # sets
  input_stream: "INPUT:0:a"
  input_stream: "SELECT:choice"                                                                  # select
  output_stream: "OUTPUT:chosen"
  input_stream_handler {                                                                         # handler
    input_stream_handler: "SyncSetInputStreamHandler"                                            # handler name
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] {
      sync_set { tag_index: "INPUT:1" }                                                          # set 1
      sync_set { tag_index: "SELECT" }                                                           # set 2
    } }
  }
}
node {
  name: "snake"
  calculator: "PythonExecutorCalculator"                                                         # snake
  input_side_packet: "PYTHON_NODE_RESOURCES:py"                                                  # py
  input_stream: "X:a"
  output_stream: "Y:b"
  max_in_flight: 4                                                                               # in flight
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: {
    handler_path: "./folder/handler.py"                                                          # handler path
  } }
}
node {
  name: "talk"
  calculator: "HttpLLMCalculator"                                                                # talk
  input_stream: "HTTP_REQUEST_PAYLOAD:http"
  input_stream: "LOOPBACK:loop"                                                                  # loop
  input_stream_info { tag_index: "LOOPBACK:1" back_edge: true }                                  # info
  output_stream: "LOOPBACK:loop"
  node_options: { [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
    models_path: "/models/llm"                                                                   # models path
    draft_models_path: "/models/draft"                                                           # draft
  } }
}
"""
GRAPH = graph_of(TEXT)
MARKS = {
    found[1]: number
    for number, line in enumerate(TEXT.splitlines(), 1)
    if (found := re.search(r"  # ([^#]+)$", line)) is not None
}
DIRECTIVE = "directive"

CASES = [
    ('Calculator::Open() for node "opens" failed: no', "opens"),
    ('Calculator::Process() for node "opens__inner__Deep" failed: no', "opens"),
    ('Calculator::Close() for node "PassThroughCalculator_2" failed: no', "pass 2"),
    ('Calculator::Open() for node "opens" failed: output_width must be even', "width"),
    ('sync_set_input_stream_handler.cc:56] Check failed: id.IsValid() stream "INPUT:1" is not found.', "set 1"),
    ('stream "SELECT:0" is in more than one sync set', "set 2"),
    ('sync_set_input_stream_handler.cc:56] Check failed: x', "handler"),
    ('Input stream with tag_index "LOOPBACK:1" requested in InputStreamInfo', "info"),
    ('The Packet stores "A", but "mediapipe::ImageFrame" was requested', "picture"),
    ('The Packet stores "A", but "ov::Tensor" was requested', "out"),
    ('The Packet stores "A", but "int" was requested', "sets"),
    ('mux_input_stream_handler.cc:9] Check failed', "sets"),
    ('TAG:index:name is invalid, "IMAGE:turned" does not match', "opens out"),
    ('Input Stream "choice" for node with sorted index 3 name sets does not have a', "select"),
    ('Input Stream "turned" of calculator "[PassThroughCalculator, input stream: turned]" expected', "pass 1 in"),
    ('Input side packet "py" of Calculator "snake" expected a packet of type', "py"),
    ('; Side packet "py" is required but was not provided.', "py"),
    ('Unable to attach observer to output stream "picture" because it doesn\'t exist.', "picture"),
    ('Packet type mismatch on calculator outputting to stream "turned": The Packet stores "A"', "opens out"),
    ('Packet type mismatch on calculator outputting to stream "tf": The Packet stores "A"', "tf"),
    ('No registered object with name: X; Unable to find Calculator "MuxCalculator"', "sets"),
    ('"SyncSetInputStreamHandler" is not a registered input stream handler.', "handler name"),
    ('The executor "nowhere" is not declared in an ExecutorConfig.', "nowhere"),
    ('ExecutorConfig for "pool" is duplicate.', "pool"),
    ("No registered object with name: OddExecutor", "odd"),
    ("ExecutorConfig for the default executor and the graph-level num_threads field should not both be", "threads"),
    ("Generator side packet cycle or calculator stream cycle detected in graph: [talk, sets]", "talk"),
    ("MuxCalculator::GetContract failed to validate: \nFor input streams", "sets"),
    ("ValidatedGraphConfig Initialization failed.\n  ImageTransformationCalculator: ; RET_CHECK failure", "opens"),
    ("Creating Mediapipe graph inputs name failed for: TFTENSOR:tf. Input with the same name already exists.", "tf"),
    ("Invalid OVMS_GRAPH_QUEUE_MAX_SIZE value: 'nine'. Expected integer or 'AUTO'.", DIRECTIVE),
    ("Failed to prepare mediapipe graph: g; having less than one input or output is disallowed", "out"),
    ('AddPacketToInputStream called on input stream "tf" which is not a graph input stream.', "tf"),
    ("LLM node name: talk already used in graph: g.", "talk"),
    ("Python node handler_path: /srv/g/folder/handler.py does not exist. ", "handler path"),
    ("LLM node models_path: /models/llm does not exist. ", "models path"),
    ("Failed to process LLM node graph g", "talk"),
    ("Draft model could not be read", "draft"),
    ("calculator_context_manager.cc:12] Check failed", "in flight"),
    ("something about PythonExecutorCalculator and nothing else", "snake"),
    ("Unknown error", None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("words", "mark"), CASES)
def test_words_lead_to_a_line(words: str, mark: str | None) -> None:
    blamed = blame(GRAPH, words)
    line = blamed.place.span.line
    if mark in (None, DIRECTIVE):
        assert line == 1
        assert blamed.sure == (mark is not None)
    else:
        assert line == MARKS[mark]


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ('Calculator::Open() for node "opens" failed: bad value "SELECT"', "opens"),
        ("Python node failed: cannot read './folder/handler.py'", "handler path"),
        ('PythonExecutorCalculator: ; RET_CHECK failure: "./folder/handler.py" is empty', "handler path"),
    ],
)
def test_within_a_node_the_option_that_is_quoted_is_meant(words: str, mark: str) -> None:
    assert blame(GRAPH, words).place.span.line == MARKS[mark]


def test_the_first_text_that_leads_somewhere_counts() -> None:
    assert blame(GRAPH, "Unknown error", 'node "opens" failed', 'node "talk" failed').node is GRAPH.nodes[0]


@given(st.text(max_size=60), st.sampled_from([words for words, _ in CASES]), st.text(max_size=60))
def test_blame_never_raises_and_stays_inside_the_file(before: str, words: str, after: str) -> None:
    place = blame(GRAPH, f"{before}{words}{after}").place
    assert 0 <= place.start <= place.end <= len(TEXT)


PREPARED = """input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "images"
  calculator: "ImageGenCalculator"                                                               # images
  node_options: { [type.googleapis.com/mediapipe.ImageGenCalculatorOptions]: {
    models_path: "/models/images"                                                                # images path
    device: "NPU"                                                                                # device
    resolution: "512x512"                                                                        # resolution
    default_resolution: "8192x8192"                                                              # default
    lora_adapters { alias: "anime" path: "./loras/anime.safetensors" }                           # adapter
  } }
}
node {
  name: "vectors"
  calculator: "EmbeddingsCalculatorOV"                                                           # vectors
  node_options: { [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
    models_path: "./"
    plugin_config: "{"                                                                           # plugin_config
  } }
}
node {
  name: "order"
  calculator: "RerankCalculatorOV"                                                               # order
  node_options: { [type.googleapis.com/mediapipe.RerankCalculatorOVOptions]: {
    models_path: "models/order"                                                                  # order path
  } }
}
node {
  name: "voice"
  calculator: "T2sCalculator"                                                                    # voice
  node_options: { [type.googleapis.com/mediapipe.T2sCalculatorOptions]: {
    models_path: "/models/voice"
    voices { name: "low" path: "/voices/low.bin" }                                               # low
  } }
}
node {
  name: "talk"
  calculator: "HttpLLMCalculator"                                                                # talk
  node_options: { [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
    models_path: "/models/talk"
    pipeline_type: VLM                                                                           # pipeline
    reasoning_parser: "thinking"                                                                 # reasoning
  } }
}
"""
_ARGS = "Failed to prepare Image Gen pipeline args for node: g. Error: "
_PIPELINES = "Failed to create Image Generation pipelines: g. "
_VOICE = "TextToSpeech node name: voice initialization failed: "
_ESCAPED = "Failed to process mediapipe graph config:"


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        (_ARGS + "Shape is dynamic but NPU is used", "device"),
        (_ARGS + "Device is in wrong format", "device"),
        (_ARGS + "Default exceeds maximum allowed resolution", "default"),
        (_ARGS + "Wrong usage of static resolution", "resolution"),
        (_ARGS + "The provided base path is invalid or doesn't exists", "images path"),
        (_ARGS + "The provided shape is in wrong format", "images"),
        (_PIPELINES + "Error: Cannot open /srv/g/loras/anime.safetensors", "adapter"),
        (_PIPELINES + "Error: cannot open /models/images/model_index.json", "images path"),
        (_PIPELINES + "Error: cannot open /models/images-2/model_index.json", "images"),
        (_PIPELINES + "Unknown error", "images"),
        ("LoRA alias in graph 'g' conflicts with an existing servable", "adapter"),
        ("Error during embeddings node plugin_config option parsing to JSON: Missing a name", "plugin_config"),
        (_VOICE + "Requested voice speaker embeddings file does not exist: /voices/low.bin. ", "low"),
        (_VOICE + "no reason. ", "voice"),
        ('Unsupported reasoning_parser "thinking" specified in graph configuration.', "reasoning"),
        ('Unsupported tool_parser "none of ours" specified in graph configuration.', "talk"),
        ("Models directory content indicates non-VLM pipeline, but pipeline type is set to VLM type.", "pipeline"),
        (_ESCAPED + 'Could not open the file: "/srv/g/models/order/openvino_model.xml"', "order path"),
        (_ESCAPED + "No output with 3 dimensions found", "vectors"),
        (_ESCAPED + "basic_string", None),
        ("Failed to unpack calculator options", None),
    ],
)
def test_what_is_said_of_nodes_that_ovms_prepares_leads_to_a_line(words: str, mark: str | None) -> None:
    blamed = blame(graph_of(PREPARED), words)
    assert blamed.sure == (mark is not None)
    found = PREPARED.splitlines()[blamed.place.span.line - 1]
    assert mark is None or found.endswith(f"  # {mark}")


@pytest.mark.parametrize("words", [_ESCAPED + "basic_string", "Failed to unpack calculator options"])
def test_a_node_that_is_the_only_one_of_its_kind_is_meant(words: str) -> None:
    lines = PREPARED.splitlines()
    alone = "\n".join([*lines[:2], *lines[lines.index('  name: "voice"') - 1 : lines.index('  name: "talk"') - 1]])
    blamed = blame(graph_of(alone), words)
    assert blamed.node is not None
    assert (blamed.sure, blamed.node.name) == (True, "voice")
