"""Signs that something may be wrong with a graph."""

from __future__ import annotations

import pytest

from graphval.rules import signs
from graphval.rules.registry import all_rules

from .judging import context

BORDER = 'input_stream: "{}"\noutput_stream: "{}"\n'


def node(inputs: str, outputs: str) -> str:
    read = " ".join(f'input_stream: "{name}"' for name in inputs.split())
    made = " ".join(f'output_stream: "{name}"' for name in outputs.split())
    return f'node {{ calculator: "PassThroughCalculator" {read} {made} }}\n'


SOUND = BORDER.format("input", "out") + node("input", "out")
SHOWN = {
    "nothing amiss": (SOUND, set()),
    "no input": ('output_stream: "out"\n' + node("", "out"), {signs.NO_BORDER, signs.OTHER_INPUT}),
    "no output": ('input_stream: "input"\n' + node("input", ""), {signs.NO_BORDER}),
    "a malformed name": (SOUND.replace('"out"', '"o-ut"'), {signs.UNSOUND_LIST}),
    "an empty side packet": (SOUND + 'input_side_packet: ""\n', {signs.UNSOUND_LIST}),
    "two producers": (
        BORDER.format("input", "out") + node("input", "out") * 2,
        {signs.NAME_TWICE, signs.SEVERAL_NODES},
    ),
    "two inputs of one name": ('input_stream: "A:input"\n' + SOUND, {signs.NAME_TWICE, signs.OTHER_INPUT}),
    "two outputs of one name": ('output_stream: "A:out"\n' + SOUND, {signs.NAME_TWICE}),
    "a stream that nobody makes": (SOUND.replace("{ calc", '{ input_stream: "more" calc'), {signs.UNMADE_STREAM}),
    "an output that nobody makes": (SOUND + 'output_stream: "more"\n', {signs.UNMADE_STREAM}),
    "an output that nobody reads": (SOUND.replace("{ calc", '{ output_stream: "more" calc'), {signs.UNREAD_STREAM}),
    "an input that nobody reads": (SOUND + 'input_stream: "more"\n', {signs.UNREAD_STREAM, signs.OTHER_INPUT}),
    "a side packet that nobody makes": (
        SOUND.replace("{ calc", '{ input_side_packet: "more" calc'),
        {signs.UNMADE_SIDE_PACKET},
    ),
    "a side packet of OVMS": (SOUND.replace("{ calc", '{ input_side_packet: "llm" calc'), set()),
    "a circle": (SOUND.replace("{ calc", '{ input_stream: "out" calc'), {signs.CIRCLE}),
    "a whole request": (
        SOUND.replace('input_stream: "input"\n', 'input_stream: "REQUEST:input"\n'),
        {signs.SPECIAL_TAG},
    ),
    "TFLite tensors": (SOUND.replace('stream: "out"\n', 'stream: "TFLITE_TENSORS:out"\n'), {signs.SPECIAL_TAG}),
    "another input": (SOUND.replace('"input"', '"in"'), {signs.OTHER_INPUT}),
}


@pytest.mark.parametrize("what", SHOWN)
def test_a_graph_shows_what_may_be_wrong_with_it(what: str) -> None:
    text, shown = SHOWN[what]
    assert signs.signs_of(context(text)) == shown


def test_rules_name_signs_that_there_are() -> None:
    named = {sign for rule in all_rules().values() for sign in rule.signs}
    assert named == set().union(*(shown for _, shown in SHOWN.values()))
