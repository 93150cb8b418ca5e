"""Options as messages: each mistake is found in any sound graph, and nothing else is."""

from __future__ import annotations

import pytest

from graphval.findings import Effect, Severity

from .judging import judged

GATE = "mediapipe.GateCalculatorOptions"
CLOCK = "mediapipe.PacketThinnerCalculatorOptions"
FORMS = {
    "any": "node_options: {{ [type.googleapis.com/{0}]: {{ {1} }} }}",
    "extension": "options {{ [{0}.ext] {{ {1} }} }}",
}
NODES = {"GateCalculator": (GATE, "allow: true"), "PacketThinnerCalculator": (CLOCK, "period: 1000")}


def graph(calculator: str, *lines: str) -> str:
    return (
        'input_stream: "in"\noutput_stream: "out"\n'
        f'node {{\n  calculator: "{calculator}"\n  input_stream: "in"\n  output_stream: "out"\n'
        + "".join(f"  {line}\n" for line in lines)
        + "}\n"
    )


def told(text: str) -> list[tuple[str, int]]:
    found = judged(text).findings
    return [(f.code, f.location.line) for f in found if f.severity is not Severity.INFO]


@pytest.fixture(params=[(name, form) for name in NODES for form in FORMS], ids=lambda p: "-".join(p))
def node(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A calculator, and its options as a line."""
    calculator, form = request.param
    return calculator, FORMS[form].format(*NODES[calculator])


def test_sound_options(node: tuple[str, str]) -> None:
    assert told(graph(node[0], node[1])) == []


@pytest.mark.parametrize("calculator", NODES)
def test_the_same_options_twice(calculator: str) -> None:
    line = FORMS["any"].format(*NODES[calculator])
    assert told(graph(calculator, line, line)) == [("GV401", 8)]


@pytest.mark.parametrize("form", FORMS)
def test_options_of_another_calculator(node: tuple[str, str], form: str) -> None:
    calculator, line = node
    other = next(options for name, options in NODES.items() if name != calculator)
    foreign = FORMS[form].format(*other)
    if line.startswith("options") and foreign.startswith("options"):
        foreign = foreign.removeprefix("options { ").removesuffix(" }")
        assert told(graph(calculator, line.removesuffix(" }") + f" {foreign} }}")) == [("GV402", 7)]
    else:
        assert told(graph(calculator, line, foreign)) == [("GV402", 8)]


@pytest.mark.parametrize(("value", "effect"), [("allow", Effect.ABORT), ("", Effect.ABORT)])
def test_option_values_without_colon_end_the_server(value: str, effect: Effect) -> None:
    [found] = judged(
        graph("GateCalculator", FORMS["any"].format(GATE, "allow: true"), f'option_value: "{value}"')
    ).findings
    assert (found.code, found.effect, found.location.line) == ("GV403", effect, 8)


def test_option_values_need_options_to_go_to() -> None:
    [found] = judged(graph("PassThroughCalculator", 'option_value: "allow:open"')).findings
    assert (found.code, found.effect) == ("GV403", Effect.REJECT)


GRAPH_GATE = "graph_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true } }\n"


@pytest.mark.parametrize(
    ("form", "value", "graph_options", "effect", "message"),
    [
        (
            "extension",
            "allow:allow",
            GRAPH_GATE,
            Effect.REJECT,
            'option_value "allow:allow" may find no node options: not every build looks into options { }',
        ),
        (
            "any",
            "allow:open",
            "",
            Effect.WRONG,
            'option_value "allow:open" copies nothing, for the graph has no options',
        ),
        ("any", "allow:open", GRAPH_GATE, Effect.REJECT, f"{GATE} has no field open"),
        ("any", "open:allow", GRAPH_GATE, Effect.ABORT, f"{GATE} has no field open"),
        ("any", "OPTIONS/open/0:options/allow:more", GRAPH_GATE, Effect.ABORT, f"{GATE} has no field open"),
    ],
)
def test_option_values_that_may_not_be_followed(
    form: str, value: str, graph_options: str, effect: Effect, message: str
) -> None:
    line = FORMS[form].format(GATE, "allow: true")
    [found] = judged(graph_options + graph("GateCalculator", line, f'option_value: "{value}"')).findings
    assert (found.code, found.severity, found.effect, found.message) == ("GV403", Severity.WARNING, effect, message)


@pytest.mark.parametrize("value", ["allow:allow", "OPTIONS/allow:allow", ":allow", "allow:", "/allow:options/allow"])
def test_option_values_with_both_fields(value: str) -> None:
    line = FORMS["any"].format(GATE, "allow: true")
    assert judged(GRAPH_GATE + graph("GateCalculator", line, f'option_value: "{value}"')).findings == ()


FEATURES = "mediapipe.FeatureDetectorCalculatorOptions"
RERANK = "mediapipe.RerankCalculatorOVOptions"


@pytest.mark.parametrize(
    ("calculator", "message", "forms", "said"),
    [
        ("GateCalculator", GATE, ("any", "extension"), ["what stands in options counts, so this is not read"]),
        ("GateCalculator", GATE, ("any",), []),
        ("GateCalculator", GATE, ("extension",), []),
        (
            "FeatureDetectorCalculator",
            FEATURES,
            ("any",),
            [f"FeatureDetectorCalculator reads its options from options {{ [{FEATURES}.ext] }} only"],
        ),
        ("FeatureDetectorCalculator", FEATURES, ("extension",), []),
        (
            "RerankCalculatorOV",
            RERANK,
            ("any", "extension"),
            ["RerankCalculatorOV reads its options from node_options only"],
        ),
        ("RerankCalculatorOV", RERANK, ("extension",), []),
        ("RerankCalculatorOV", RERANK, ("any",), []),
    ],
)
def test_options_in_the_place_that_does_not_count(
    calculator: str, message: str, forms: tuple[str, ...], said: list[str]
) -> None:
    lines = [FORMS[form].format(message, 'models_path: "x"' if message == RERANK else "") for form in forms]
    found = judged(graph(calculator, *lines)).findings
    assert [finding.message for finding in found if finding.code == "GV402"] == said
