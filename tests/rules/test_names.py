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
