"""Names of calculators that are none, and entries of one tag: what is advised, and what is mended."""

from __future__ import annotations

import pytest

from .judging import judged
from .test_limits import ECHO


@pytest.mark.parametrize(
    ("calculator", "advice", "mend"),
    [
        ("EmbeddingsCalculator", "use EmbeddingsCalculatorOV, which loads the model itself", None),
        ("RerankCalculator", "use RerankCalculatorOV, which loads the model itself", None),
        ("LLMCalculator", "use HttpLLMCalculator", None),
        ("LocalFileContentsCalculator", "use ResourceProviderCalculator", None),
        ("PassThroughCalculater", "did you mean PassThroughCalculator?", "PassThroughCalculator"),
        ("mediapipe.PassThroughCalculater", "did you mean PassThroughCalculator?", None),
        ("a::PassThroughCalculater", "did you mean PassThroughCalculator?", None),
        ("a.very.long.name.of.some.package.GateCalculater", "did you mean GateCalculator?", None),
        ("a::very::long::name::of::some::package::GateCalculater", "did you mean GateCalculator?", None),
        ("PasThroughCalculator", "did you mean PassThroughCalculator?", "PassThroughCalculator"),
        ("HomemadeCalculator", "is HomemadeCalculator your own? capture the catalog of the image that holds it", None),
        (
            "OVMSOVCalculator",
            "only the unit tests of OVMS have it, and no server does: use a calculator of MediaPipe or OVMS",
            None,
        ),
        ("Homemade", "is Homemade your own? capture the catalog of the image that holds it", None),
    ],
)
def test_calculators_that_there_are_not(calculator: str, advice: str, mend: str | None) -> None:
    [found] = [f for f in judged(f'{ECHO}node {{ calculator: "{calculator}" }}\n').findings if f.code == "GV301"]
    assert found.message == f'OVMS 2026.4 has no calculator "{calculator}"'
    assert found.help == advice
    assert [edit.text for edit in found.edits] == ([f'"{mend}"'] if mend is not None else [])


def test_a_node_without_a_calculator() -> None:
    [found] = [f for f in judged(f'{ECHO}node {{ calculator: "" }}\n').findings if f.code == "GV301"]
    assert (found.message, found.location.line, found.location.column) == ("the node names no calculator", 4, 6)


def told(text: str) -> list[tuple[str, str, list[str]]]:
    found = [finding for finding in judged(text).findings if finding.code == "GV204"]
    return [(f.message, f.help, [edit.text for edit in f.edits]) for f in found]


@pytest.mark.parametrize(
    ("calculator", "entries", "found"),
    [
        ("MuxCalculator", ("INPUT:a", "INPUT:b"), [("INPUT:b", "INPUT:0", "INPUT:a", "INPUT:1:b", True)]),
        (
            "MuxCalculator",
            ("INPUT:a", "INPUT:1:b", "INPUT:1:c"),
            [("INPUT:1:c", "INPUT:1", "INPUT:1:b", "INPUT:2:c", True)],
        ),
        ("ImagePropertiesCalculator", ("IMAGE:a", "IMAGE:b"), [("IMAGE:b", "IMAGE:0", "IMAGE:a", "IMAGE:1:b", False)]),
        ("Homemade", ("TAG:a", "TAG:b"), [("TAG:b", "TAG:0", "TAG:a", "TAG:1:b", False)]),
        ("MuxCalculator", ("INPUT:a", "INPUT:1:b"), []),
        ("PassThroughCalculator", ("a", "b"), []),
    ],
)
def test_entries_that_claim_the_same(
    calculator: str, entries: tuple[str, ...], found: list[tuple[str, str, str, str, bool]]
) -> None:
    lines = " ".join(f'input_stream: "{entry}"' for entry in entries)
    assert told(f'{ECHO}node {{ calculator: "{calculator}" {lines} }}\n') == [
        (
            f'"{second}" claims {at}, which "{first}" already has',
            f'number them: "{mend}"',
            [f'"{mend}"'] if sure else [],
        )
        for second, at, first, mend, sure in found
    ]


def test_entries_of_a_graph_are_numbered() -> None:
    text = 'input_stream: "A:in"\ninput_stream: "A:b"\noutput_stream: "out"\n' + ECHO.splitlines()[2] + "\n"
    assert told(text) == [('"A:b" claims A:0, which "A:in" already has', 'number them: "A:1:b"', ['"A:1:b"'])]


SPACED = """input_stream: "OVTENSOR: a"
output_stream: "b"
node { calculator: "PassThroughCalculator" input_stream: "a" output_stream: "b" }
"""


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("OVTENSOR: a", "OVTENSOR:a"),
        (" OVTENSOR : a ", "OVTENSOR:a"),
        ("ovtensor:a", "OVTENSOR:a"),
        ("OVTENSOR:A", "OVTENSOR:a"),
        ("OVTENSOR:a b", "OVTENSOR:a_b"),
    ],
)
def test_what_a_malformed_name_should_be(written: str, advice: str) -> None:
    [found] = [f for f in judged(SPACED.replace("OVTENSOR: a", written)).findings if f.code == "GV202"]
    assert found.help == f'write "{advice}"'


@pytest.mark.parametrize(("written", "codes"), [("OVTENSOR: a", ["GV202"]), ("OVTENSOR: c", ["GV202", "GV210"])])
def test_a_stream_that_is_produced_under_a_malformed_name_is_not_missed(written: str, codes: list[str]) -> None:
    assert [f.code for f in judged(SPACED.replace("OVTENSOR: a", written)).findings] == codes


LOOP = """input_stream: "a"
output_stream: "b"
node {{
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:a"
  input_stream: "LOOP:b"
  output_stream: "PREV_LOOP:p"
  input_stream_info {{ tag_index: "{}" back_edge: {} }}
}}
node {{ calculator: "MergeCalculator" input_stream: "a" input_stream: "p" output_stream: "b" }}
"""


BACK_EDGE = 'input_stream_info { tag_index: "LOOP:0" back_edge: true }'


@pytest.mark.parametrize(
    ("named", "back_edge", "codes", "advice"),
    [
        ("loop", "true", ["GV214"], 'write "LOOP:0"'),
        ("LOOPS", "true", ["GV214"], "the node's inputs are MAIN:0, LOOP:0"),
        ("LOOP:1", "true", ["GV214"], 'write "LOOP:0"'),
        ("LOOP:0", "true", [], ""),
        ("LOOPS", "false", ["GV213", "GV214"], "the node's inputs are MAIN:0, LOOP:0"),
        ("MAIN", "true", ["GV213"], f'add to "PreviousLoopbackCalculator": {BACK_EDGE}'),
    ],
)
def test_a_circle_whose_back_edge_is_misspelt_is_one_mistake(
    named: str, back_edge: str, codes: list[str], advice: str
) -> None:
    found = [f for f in judged(LOOP.format(named, back_edge)).findings if f.code in ("GV213", "GV214")]
    assert [f.code for f in found] == codes
    assert not found or found[-1].help == advice


def test_a_request_is_not_handed_on_as_the_response() -> None:
    text = SPACED.replace("OVTENSOR: a", "REQUEST:a").replace('"b"\nnode', '"RESPONSE:b"\nnode')
    [found] = [f for f in judged(text).findings if f.code == "GV242"]
    assert found.help == "let a node make the response: the request cannot be handed on as one"
