"""Every mistake of a text is reported, each at its place, and what can be mended says how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.textproto import MAX_BYTES, Source, decode, parse
from graphval.textproto.lexer import MAX_TOKENS
from graphval.textproto.parser import MAX_DEPTH
from graphval.textproto.problem import MAX_PROBLEMS

from .reference import ours
from .test_language import places, problems

ANY = "type.googleapis.com/mediapipe"

CASES: tuple[tuple[str, list[tuple[str, int, int]]], ...] = (
    (
        'node {\n  name: "a"\n  calculator: \n}\nnode { name = "b" }\nnode { name: "c }\n',
        [("missing-value", 3, 3), ("equals-sign", 5, 13), ("unterminated-string", 6, 14)],
    ),
    ('input_stream: "a\nnode { calculatr: "X" }', [("unterminated-string", 1, 15), ("unknown-field", 2, 8)]),
    (
        'max_queue_size: 99999999999\nreport_deadlock: maybe\nnum_threads: "3"',
        [("out-of-range", 1, 17), ("wrong-type", 2, 18), ("wrong-type", 3, 14)],
    ),
    ("node { max_in_flight: 1 max_in_flight: 2 }", [("field-given-twice", 1, 25)]),
    ("executor { options { [mediapipe.NoSuchOptions.ext] { } } }", [("unknown-extension", 1, 22)]),
    (f"node {{ node_options {{ [{ANY}.NoSuchOptions] {{ }} }} }}", [("unknown-type", 1, 23)]),
    ("node { node_options { [mediapipe.GateCalculatorOptions.ext] { } } }", [("extension-in-any", 1, 23)]),
    (f"node {{ options {{ [{ANY}.GateCalculatorOptions] {{ }} }} }}", [("any-outside-any", 1, 18)]),
    (f"node {{ node_options {{ [{ANY}.LLMCalculatorOptions] {{ }} }} }}", [("missing-required-field", 1, 23)]),
    ('node {\n\tname: "é" bad: 1\n}\r\nnode { worse: 2 }', [("unknown-field", 2, 12), ("unknown-field", 4, 8)]),
    ('node {\n  input_stream_info { tag_index: "A"\n}\nnode { }', [("unclosed-message", 3, 1)]),
    ("node { } }\nnode { }", [("stray-closing", 1, 10)]),
    ("\ufeffnode { }", [("byte-order-mark", 1, 1)]),
    ('input_stream: "\udcff"', [("not-utf8", 1, 15)]),
    ("executor { type: 3 }\nnode { name: 4 }", [("wrong-type", 1, 18), ("wrong-type", 2, 14)]),
)


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[ascii(text)[:40] for text, _ in CASES])
def test_all_mistakes_at_their_places(text: str, wanted: list[tuple[str, int, int]]) -> None:
    assert places(text) == wanted


MENDS = (
    ('node { calculatr: "X" }', 'node { calculator: "X" }'),
    ('node { name = "b" }', 'node { name : "b" }'),
    ('node { name: "c\n}', 'node { name: "c"\n}'),
    ('num_threads: "3"', "num_threads: 3"),
    ("input_stream: 3", 'input_stream: "3"'),
    ("node { } }", "node { } "),
    ("\ufeffnode { }", "node { }"),
    (
        "executor { options { [mediapipe.ThreadPoolExecutorOption.ext] { } } }",
        "executor { options { [mediapipe.ThreadPoolExecutorOptions.ext] { } } }",
    ),
    (
        f"node {{ node_options {{ [{ANY}.GateCalculatorOption] {{ }} }} }}",
        f"node {{ node_options {{ [{ANY}.GateCalculatorOptions] {{ }} }} }}",
    ),
    (
        "node { node_options { [mediapipe.GateCalculatorOptions.ext] { } } }",
        f"node {{ node_options {{ [{ANY}.GateCalculatorOptions] {{ }} }} }}",
    ),
    (
        f"node {{ options {{ [{ANY}.GateCalculatorOptions] {{ }} }} }}",
        "node { options { [mediapipe.GateCalculatorOptions.ext] { } } }",
    ),
)


@pytest.mark.parametrize(("text", "mended"), MENDS, ids=[ascii(text)[:40] for text, _ in MENDS])
def test_mends(text: str, mended: str) -> None:
    (problem,) = problems(text)
    fix = problem.fix
    assert fix is not None
    assert text[: fix.start] + fix.text + text[fix.end :] == mended
    assert ours(mended.encode()).accepted


# -- caps and rubbish ------------------------------------------------------------------------------------------


def kinds(text: str | bytes) -> list[str]:
    return [problem.kind for problem in problems(text)]


def test_size_cap() -> None:
    assert kinds(b"#" * MAX_BYTES) == []
    assert kinds(b"#" * (MAX_BYTES + 1)) == ["too-large"]


def test_depth_cap() -> None:
    """C++ protobuf reads no message that is nested more than 100 deep (``CodedInputStream``, 3.19)."""
    assert MAX_DEPTH == 100
    assert "too-deep" not in kinds("a {" * MAX_DEPTH + "}" * MAX_DEPTH)
    assert "too-deep" in kinds("a {" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1))
    assert "too-deep" in kinds("a {" * (MAX_BYTES // 3))


def test_token_cap() -> None:
    assert kinds('input_stream: "a"\n' * (MAX_TOKENS // 3)) == []
    beyond = 'input_stream: "a"\n' * (MAX_TOKENS // 3 + 1)
    [found] = problems(beyond)
    assert (found.kind, found.message) == ("too-many-tokens", "the text has more than 100,000 tokens")
    assert found.start == found.end == len(beyond) - 1  # behind the token that was one too many


@pytest.mark.parametrize(
    ("field", "tokens"),
    [
        ("node { }\n", 3),
        ("node: { }\n", 4),
        ("a: 1, ", 3),
        ("a: [1]\n", 5),
        ("# x\n", 1),
        ("a: -1\n", 3),
        ("node { a: 't' }", 6),
        ("[a.b]: 1\n", 7),
        ("[a.b.c/d.e] { }\n", 13),
    ],
)
def test_what_counts_as_a_token(field: str, tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 600
    monkeypatch.setattr("graphval.textproto.lexer.MAX_TOKENS", most)
    monkeypatch.setattr("graphval.textproto.parser.MAX_TOKENS", most)
    fitting = (most - 1) // tokens  # the end of the text counts too
    assert parse(Source("graph.pbtxt", field * fitting)).problems == []
    found = parse(Source("graph.pbtxt", field * (fitting + 1))).problems
    assert [problem.kind for problem in found] == ["too-many-tokens"]


def test_what_a_cap_leaves_open_ends_with_the_text() -> None:
    deep = "a {" * (MAX_DEPTH + 1) + " # more"
    node = parse(Source("graph.pbtxt", deep)).fields[0]
    assert node.end == len(deep)


@pytest.mark.parametrize("piece", ["input_stream = 'a' ", "x: 1 ", "num_threads: 'a' "])
def test_of_too_many_mistakes_the_first_are_told(piece: str) -> None:
    assert MAX_PROBLEMS == 100
    assert len(kinds(piece * (MAX_PROBLEMS - 1))) == MAX_PROBLEMS - 1
    assert len(kinds(piece * (MAX_PROBLEMS + 5))) == MAX_PROBLEMS


@pytest.mark.parametrize("piece", ["{", "a:", '"', "x: 1 ", "[", "é", "\n}"])
def test_rubbish_has_an_end(piece: str) -> None:
    text = piece * (MAX_BYTES // len(piece.encode()))
    assert 1 <= len(problems(text)) <= 2 * MAX_PROBLEMS


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    assert all(0 <= problem.start <= problem.end for problem in problems(data))


@given(st.text(alphabet=st.sampled_from("{}<>[]:;,#\"'\\ \n\tab0.-é\x00"), max_size=60))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    found = problems(text)
    assert bool(found) is not ours(text.encode()).accepted


def test_comments_are_kept_with_their_places() -> None:
    text = '# first\nnode { # second\n}\ninput_stream: "# none"  # é third\n'
    source, _ = decode(text.encode(), "graph.pbtxt")
    comments = parse(source).comments
    assert [text[c.start : c.end] for c in comments] == ["# first", "# second", "# é third"]
