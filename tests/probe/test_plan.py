"""Which requests a graph gets, and in which order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphval.kserve import messages
from graphval.probe.asking import Depth, ProbeSettings
from graphval.probe.plan import Plan, Probe, ProbeKind, make_plan
from tests.probe.contexts import NO_MODELS, context, facts, inference, models, one_model, session
from tests.probe.test_generative import GRAPH
from tests.probe.test_samples import GOOD, write
from tests.probe.test_synthesis import PASS

SERVED_TWICE = [ProbeKind.SYNTHETIC, ProbeKind.REPEAT]


def essential(plan: Plan) -> list[Probe]:
    return [probe for probe in plan.serving if probe.essential]


def planned(text: str, settings: ProbeSettings | None = None) -> Plan:
    known = models({"m": (facts("a", "FP32", (1, 2)),)})
    return make_plan(context(text), "d", known, settings or ProbeSettings())


def test_creation_first_then_the_same_request_twice() -> None:
    plan = planned(one_model())
    assert plan.creation.kind is ProbeKind.CREATION
    assert [probe.kind for probe in essential(plan)] == SERVED_TWICE
    assert plan.serving[0].request is plan.serving[1].request
    assert all(probe.ours for probe in plan.serving)
    assert plan.not_exercised == ()


def test_samples_win_over_made_up_requests(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "d/g/one.json")
    write(tmp_path, GOOD, "d/g/two.json")
    plan = planned(PASS, ProbeSettings(samples=(tmp_path,)))
    assert [str(probe) for probe in essential(plan)] == [
        "sample one.json", "the same again one.json", "sample two.json", "the same again two.json",
    ]  # fmt: skip
    assert not any(probe.ours for probe in essential(plan))


def test_a_sample_that_cannot_be_read_is_said_and_a_request_made_up(tmp_path: Path) -> None:
    write(tmp_path, json.dumps({"inputs": 1}), "g/broken.json")
    plan = planned(PASS, ProbeSettings(samples=(tmp_path,)))
    assert [probe.kind for probe in essential(plan)] == SERVED_TWICE
    [unread] = plan.unread
    assert str(unread) == 'sample broken.json is no request: no list "inputs"'


@pytest.mark.parametrize("name", ["broken.json", "broken.openai.json"])
def test_where_the_json_of_a_sample_goes_wrong_is_known(tmp_path: Path, name: str) -> None:
    write(tmp_path, '{"inputs":\n [}', f"g/{name}")
    graph = PASS if name == "broken.json" else GRAPH.format("HttpLLMCalculator")
    [unread] = planned(graph, ProbeSettings(samples=(tmp_path,))).unread
    assert (unread.file.name, unread.line, unread.column) == (name, 2, 3)
    assert "Expecting value" in unread.why


def test_one_good_sample_is_enough(tmp_path: Path) -> None:
    write(tmp_path, "{", "g/broken.json")
    write(tmp_path, GOOD, "g/good.json")
    plan = planned(PASS, ProbeSettings(samples=(tmp_path,)))
    assert [probe.label for probe in essential(plan)] == ["good.json", "good.json"]
    assert len(plan.unread) == 1
    assert plan.not_exercised == ()


def test_the_seed_decides_the_values() -> None:
    one, same, other = (planned(PASS, ProbeSettings(seed=seed)) for seed in (1, 1, 2))
    assert one.serving[0].request == same.serving[0].request
    assert one.serving[0].request != other.serving[0].request


def test_a_graph_that_no_request_can_be_made_for_is_still_created() -> None:
    plan = make_plan(context(one_model()), "d", NO_MODELS, ProbeSettings())
    assert plan.serving == ()
    assert plan.creation.request.inputs
    assert plan.not_exercised


def test_samples_get_the_side_packets_that_they_lack(tmp_path: Path) -> None:
    text = """input_stream: "in" output_stream: "out" node { calculator: "GateCalculator"
    input_stream: "in" output_stream: "out" input_side_packet: "ALLOW:open" }"""
    write(tmp_path, GOOD, "g/plain.json")
    write(tmp_path, {**GOOD, "parameters": {"open": False}}, "g/shut.json")
    first, _, second, _ = essential(planned(text, ProbeSettings(samples=(tmp_path,))))
    assert first.request.parameters["open"].bool_param is True
    assert second.request.parameters["open"].bool_param is False


BATCHED = (facts("a", "FP32", (-1, 2)),)


def depth(name: str, text: str | None = None) -> Plan:
    return make_plan(context(text or one_model()), "d", models({"m": BATCHED}), ProbeSettings(depth=Depth(name)))


def test_quick_is_creation_and_one_request() -> None:
    assert [probe.kind for probe in depth("quick").serving] == [ProbeKind.SYNTHETIC]


def test_standard_goes_on_in_a_fixed_order_with_the_harmful_last() -> None:
    after = "request after a refusal"
    assert [str(probe) for probe in depth("standard").serving] == [
        "synthetic request",
        "the same again",
        "REST request (JSON)",
        "REST request (binary data)",
        "request at the edge (all zeros)",
        "request at the edge (batch 2)",
        "4 requests at once",
        "stream",
        "stream (with timestamps of its own)",
        'request to be refused (without the input "in")', after,
        'request to be refused (with "in" under another name)', after,
        'request to be refused (with a byte too few in "in")', after,
        'request to be refused (with a shape far beyond the values of "in")', after,
        'request to be refused (with INT32 instead of FP32 in "in")', after,
        'request to be refused (with an unknown datatype for "in")', after,
        "request to be refused (to another graph, within a stream)", after,
        "request to be refused (with its JSON cut off)", after,
    ]  # fmt: skip


def test_thorough_asks_all_that_standard_does_and_more() -> None:
    standard, thorough = ([str(p) for p in depth(name).serving] for name in ("standard", "thorough"))
    assert set(standard) < set(thorough)
    assert thorough[-1] == standard[-1]


def test_one_request_at_a_time_if_wanted() -> None:
    plan = planned(PASS, ProbeSettings(concurrency=1))
    assert ProbeKind.TOGETHER not in [probe.kind for probe in plan.serving]


def test_pools_that_are_off_take_parameters() -> None:
    text = """# OVMS_GRAPH_QUEUE_MAX_SIZE: 1
    input_stream: "in" output_stream: "out" node { calculator: "GateCalculator"
    input_stream: "in" output_stream: "out" input_side_packet: "ALLOW:open" }"""
    for off in (False, True):
        plan = planned(text, ProbeSettings(pool_off=off))
        for probe in (plan.creation, *plan.serving):
            if isinstance(probe.request, messages.ModelInferRequest):
                assert ("open" in probe.request.parameters) == off


def kinds(text: str, settings: ProbeSettings | None = None) -> list[str]:
    return [str(probe) for probe in planned(text, settings).serving]


def test_a_pool_gets_no_timestamps_that_its_graphs_would_keep() -> None:
    """A graph of a pool lives on, and a request that is earlier than one before it fails."""
    pooled = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + one_model()
    assert [kind for kind in kinds(pooled) if kind.startswith("stream")] == ["stream"]
    assert len([kind for kind in kinds(pooled, ProbeSettings(pool_off=True)) if kind.startswith("stream")]) == 2


PICTURES = """input_stream: "IMAGE:in" output_stream: "IMAGE:out"
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }"""
WHOLE = """input_stream: "REQUEST:in" output_stream: "RESPONSE:out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }"""


def test_what_json_cannot_carry_goes_over_rest_as_binary_data() -> None:
    over_rest = [probe for probe in planned(PICTURES).serving if probe.kind is ProbeKind.REST]
    assert [probe.note for probe in over_rest] == ["binary data"]
    assert all(probe.pictures == ("in",) for probe in planned(PICTURES).serving)


def test_what_is_passed_on_whole_goes_over_rest_as_it_went_over_grpc() -> None:
    assert [probe.note for probe in planned(WHOLE).serving if probe.kind is ProbeKind.REST] == ["binary data"]


def test_long_values_are_written_as_json_for_who_asks_for_all() -> None:
    large = models({"m": (facts("a", "FP32", (1, 100_000)),)})
    for name, notes in (("standard", ["binary data"]), ("thorough", ["JSON", "binary data"])):
        plan = make_plan(context(one_model()), "d", large, ProbeSettings(depth=Depth(name)))
        assert [probe.note for probe in plan.serving if probe.kind is ProbeKind.REST] == notes


# -- the table in docs/probes.md -------------------------------------------------------------------------------------

TABLE = Path(__file__).parents[2] / "docs/probes.md"
ROWS = {
    "creation": ("creation",),
    "your samples": ("synthetic request",),
    "the same again": ("the same again",),
    "the same over REST, as JSON": ("REST request (JSON)",),
    "the same over REST, with binary data": ("REST request (binary data)",),
    "edges: zeros": ("request at the edge (all zeros)", "request at the edge (batch 2)"),
    "more edges": tuple(
        f"request at the edge ({note})"
        for note in ("a ramp", "not a number", "the largest numbers", "larger dynamic dimensions")
    ),
    "4 at once": ("4 requests at once",),
    "a stream: the request twice": ("stream",),
    "a stream with timestamps of its own": ("stream (with timestamps of its own)",),
    "a stream with the inputs one by one": ("stream (inputs one by one)",),
    "requests to be refused": ("request to be refused (", "request after a refusal"),
}
"""The requests that the rows of the table speak of, by how the row begins; a name that ends open stands for several."""

TWO_INPUTS = f"""
input_stream: "OVTENSOR:in"
input_stream: "OVTENSOR1:more"
output_stream: "OVTENSOR:out"
{session()}
{inference('input_stream: "OVTENSOR:in" input_stream: "OVTENSOR1:more" output_stream: "OVTENSOR:out"',
           'tag_to_input_tensor_names { key: "OVTENSOR" value: "a" } '
           'tag_to_input_tensor_names { key: "OVTENSOR1" value: "b" }')}
"""  # fmt: skip


def test_the_table_of_the_documentation_says_what_is_sent() -> None:
    known = models({"m": (facts("a", "FP32", (-1, -1)), facts("b", "FP32", (-1, 2)))})
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for column, name in enumerate(("quick", "standard", "thorough"), 3):
        plan = make_plan(context(TWO_INPUTS), "d", known, ProbeSettings(depth=Depth(name)))
        sent = {str(probe) for probe in plan.probes}
        said = {
            wanted
            for row, names in ROWS.items()
            for line in lines
            if line.startswith(f"| {row}") and line.split("|")[column].strip()
            for wanted in names
        }
        assert [one for one in sent if not any(one == w or (w[-1] == "(" and one.startswith(w)) for w in said)] == []
        assert all(any(one == w or (w[-1] == "(" and one.startswith(w)) for one in sent) for w in said)
