"""graphval reads what protobuf reads, and yields the same message; where C++ and Python differ, C++ decides."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from google.protobuf import text_format
from google.protobuf.descriptor_pool import DescriptorPool
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .language import ACCEPTED, REFUSED
from .mistakes import MISTAKES
from .reference import Answer, cpp, ours, python, same
from .test_language import problems

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
EXAMPLES = sorted(ROOT.glob("graphs/**/*.pbtxt"))

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def disagreements(texts: list[bytes], names: list[str]) -> list[str]:
    """Where graphval and C++ differ, in words."""
    return [
        f"{name}: {said}"
        for text, name, answer in zip(texts, names, cpp(texts), strict=True)
        if (said := _difference(ours(text), answer))
    ]


def _difference(mine: Answer, theirs: Answer) -> str:
    if mine.accepted != theirs.accepted:
        return f"graphval: {mine.reason or 'accepted'}; protobuf: {theirs.reason or 'accepted'}"
    if mine.message is not None and theirs.message is not None and not same(mine.message, theirs.message):
        return f"messages differ:\n{mine.message}\n{theirs.message}"
    return ""


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the labelled graphs are not part of the project")
def test_every_labelled_graph() -> None:
    files = sorted(CORPUS.rglob("*.pbtxt"))
    assert len(files) > 900
    texts = [file.read_bytes() for file in files]
    assert disagreements(texts, [str(file.relative_to(CORPUS)) for file in files]) == []
    assert [str(f) for f, t in zip(files, texts, strict=True) if _difference(ours(t), python(t))] == []


def test_every_example() -> None:
    assert len(EXAMPLES) > 20
    assert disagreements([file.read_bytes() for file in EXAMPLES], [str(file) for file in EXAMPLES]) == []


def test_the_table_of_the_language() -> None:
    """The table's own claims are C++'s."""
    texts = [text.encode("utf-8", "surrogateescape") for text in (*ACCEPTED, *REFUSED, *MISTAKES)]
    assert disagreements(texts, [repr(text) for text in (*ACCEPTED, *REFUSED, *MISTAKES)]) == []


def test_the_words_of_protobuf_are_its_own() -> None:
    """Where one thing is wrong with a text, and protobuf's words for it are given, it says them. (3.19, which OVMS has,
    words strings that are not closed otherwise than the release that is asked here.)"""
    texts = [text for text in (*REFUSED, *MISTAKES) if len(problems(text)) == 1 and problems(text)[0].protobuf]
    texts.remove("node")  # what is to stand behind a name alone, colon or brace, is not known before it is looked up
    assert len(texts) > 100
    answers = cpp([text.encode("utf-8", "surrogateescape") for text in texts])
    wrong = []
    for text, answer in zip(texts, answers, strict=True):
        words = problems(text)[0].protobuf.replace(
            "String literals cannot cross line boundaries.", "Multiline strings are not allowed."
        )
        if words.removeprefix("Message missing required fields: ") not in answer.reason:
            wrong.append(f"{text!a}: {words}; protobuf: {answer.reason}")
    assert wrong == []


# -- generated texts ---------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|#[^\n]*|\w+|\s+|.", re.DOTALL)
PIECES = (
    "{", "}", "<", ">", "[", "]", ":", ",", ";", "-", "+", ".", "/", "\n", " ", "#x\n", '"', "'", "\\", '"a"', "'b'",
    '"\\x41"', '"\\n\\101"', '"\\u00e9"', '"\\q"', "0", "1", "-1", "07", "08", "0x1F", "1.5", "1e3", "1f", "1.f", ".5",
    "inf", "nan", "-inf", "true", "True", "t", "maybe", "2147483648", "4294967296", "-9223372036854775809",
    "18446744073709551616", "node", "input_stream", "max_in_flight", "back_edge", "options", "num_threads",
    "[mediapipe.ThreadPoolExecutorOptions.ext]", "[type.googleapis.com/mediapipe.GateCalculatorOptions]",
    "[type.googleapis.com / mediapipe.GateCalculatorOptions]", "node_options", "allow: true", "empty_packets_as_allow",
    "input_stream_info { tag_index: 'A' }", "executor { }", "type", "unknown_field: 3", "é", "\x00", "\t", "\r\n", "@",
)  # fmt: skip


def damaged(seed: str, chance: random.Random) -> str:
    """A text of which some tokens were lost, doubled, moved or replaced."""
    pieces = _TOKEN.findall(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(pieces) + 1)
        match chance.randrange(4):
            case 0:
                pieces[at : at + 1] = []
            case 1:
                pieces.insert(at, chance.choice(PIECES))
            case 2:
                pieces[at : at + 1] = [chance.choice(PIECES)]
            case _:
                other = chance.randrange(len(pieces) + 1)
                pieces[at : at + 1] = pieces[other : other + 3]
        pieces = pieces or [" "]
    return "".join(pieces)


@given(seed=st.integers(0, 2**32))
@SLOW
def test_graphs_with_something_wrong(seed: int) -> None:
    """Graphs of which tokens were lost, doubled, moved or replaced: refused and accepted alike, with equal messages."""
    chance = random.Random(seed)
    texts = [damaged(chance.choice(EXAMPLES).read_text(encoding="utf-8"), chance) for _ in range(60)]
    assert disagreements([text.encode() for text in texts], texts) == []


@given(seed=st.integers(0, 2**32))
@SLOW
def test_short_rows_of_tokens(seed: int) -> None:
    """Texts of a few tokens, where every rule of the grammar is near an edge."""
    chance = random.Random(seed)
    texts = ["".join(chance.choices(PIECES, k=chance.randint(1, 9))) for _ in range(120)]
    assert disagreements([text.encode() for text in texts], texts) == []


@given(seed=st.integers(0, 2**32))
@SLOW
def test_other_ways_to_write_the_same(seed: int) -> None:
    """What protobuf prints, in its own styles and with other brackets, separators and quotes."""
    chance = random.Random(seed)
    texts = []
    for _ in range(40):
        message = ours(chance.choice(EXAMPLES).read_bytes()).message
        if message is None:
            continue
        text = text_format.MessageToString(
            message,
            as_one_line=chance.random() < 0.3,
            use_short_repeated_primitives=chance.random() < 0.5,
            pointy_brackets=chance.random() < 0.3,
            as_utf8=chance.random() < 0.5,
            descriptor_pool=DescriptorPool(),  # an Any is printed as it is, whatever this process has imported
        )
        texts.append(_restyled(text, chance))
    assert all(ours(text.encode()).accepted for text in texts)
    assert disagreements([text.encode() for text in texts], texts) == []


def _restyled(text: str, chance: random.Random) -> str:
    def token(match: re.Match[str]) -> str:
        word = match[0]
        if word.startswith('"') and chance.random() < 0.3 and "'" not in word and "\\" not in word:
            return f"'{word[1:-1]}'"
        if word == "\n" and chance.random() < 0.2:
            return chance.choice((",\n", ";\n", "\r\n", " # said\n")) if match.start() else word
        return word

    return re.sub(r'"(?:\\.|[^"\\\n])*"|(?<=["\d}>\]e])\n', token, text)
