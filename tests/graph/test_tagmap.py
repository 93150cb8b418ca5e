"""``TAG:index:name`` lists, read as MediaPipe reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.graph.tagmap import MAX_INDEX, parse_tag_index

from .reading import inputs

VALID = [
    ("frame", "", 0, "frame"),
    ("_", "", 0, "_"),
    ("a1_b2", "", 0, "a1_b2"),
    ("IMAGE:frame", "IMAGE", 0, "frame"),
    ("IMAGE:0:frame", "IMAGE", 0, "frame"),
    ("_T2:x", "_T2", 0, "x"),
    ("_:_", "_", 0, "_"),
    (f"IMAGE:{MAX_INDEX}:x", "IMAGE", MAX_INDEX, "x"),
]

MALFORMED = [
    "",
    ":",
    "::",
    "Frame",
    "1frame",
    "my-frame",
    "my.frame",
    "my/frame",
    "my frame",
    " frame",
    "frame ",
    "größe",
    "image:frame",
    "Image:frame",
    "1IMAGE:frame",
    "IMAGE:",
    ":frame",
    ":0:frame",
    "IMAGE:Frame",
    "IMAGE: frame",
    "IMAGE::frame",
    "IMAGE:00:frame",
    "IMAGE:01:frame",
    "IMAGE:-1:frame",
    "IMAGE:+1:frame",
    "IMAGE:1",
    "IMAGE:1:",
    "IMAGE:x:frame",
    "IMAGE:0:0:frame",
    "IMAGE:٣:frame",
    f"IMAGE:{MAX_INDEX + 1}:frame",
    "IMAGE:" + "9" * 5000 + ":frame",
]


@pytest.mark.parametrize(("text", "tag", "index", "name"), VALID)
def test_a_well_formed_entry_is_taken_apart(text: str, tag: str, index: int, name: str) -> None:
    (entry,) = inputs(text)
    assert (entry.tag, entry.index, entry.name, entry.valid) == (tag, index, name, True)
    assert entry.tag_index == f"{tag}:{index}"


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: repr(text[:20]))
def test_a_malformed_entry_is_kept_as_written_and_marked(text: str) -> None:
    tag_map = inputs(text)
    (entry,) = tag_map
    assert entry.text == text
    assert not entry.valid
    assert tag_map.malformed == [entry]
    assert not tag_map.sound


@pytest.mark.parametrize(
    ("text", "tag", "name"),
    [("image:frame", "image", "frame"), ("IMAGE:01:frame", "IMAGE", "frame"), ("My-Frame", "", "My-Frame")],
)
def test_a_malformed_entry_still_tells_what_it_most_likely_means(text: str, tag: str, name: str) -> None:
    (entry,) = inputs(text)
    assert (entry.tag, entry.name) == (tag, name)


def test_entries_without_a_tag_are_numbered_in_order() -> None:
    assert [(e.index, e.name) for e in inputs("a", "IMAGE:b", "c", "MASK:d", "e")] == [
        (0, "a"),
        (0, "b"),
        (1, "c"),
        (0, "d"),
        (2, "e"),
    ]


def test_a_tag_without_an_index_always_means_index_zero() -> None:
    # Seen on the real server, against the framework's documentation: such entries are not numbered.
    tag_map = inputs("IMAGE:a", "IMAGE:b")
    first, second = tag_map
    assert tag_map.clashes == [(first, second)]
    assert not tag_map.sound


def test_clashes_name_the_first_entry_each_time() -> None:
    tag_map = inputs("T:a", "T:0:b", "T:1:c", "T:0:d", "T:1:e")
    assert [(one.name, other.name) for one, other in tag_map.clashes] == [("a", "b"), ("a", "d"), ("c", "e")]


def test_indexes_may_stand_in_any_order() -> None:
    tag_map = inputs("T:2:c", "T:0:a", "T:1:b")
    assert tag_map.sound
    assert [entry.name for entry in tag_map.of("T")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("entries", "gaps"),
    [
        (("T:1:a",), [("T", 0, 1)]),
        (("T:0:a", "T:2:b"), [("T", 1, 2)]),
        (("T:3:b", "T:0:a"), [("T", 1, 3)]),
        (("T:1:a", "T:3:b"), [("T", 0, 1), ("T", 2, 3)]),
        (("T:0:a", "U:1:b"), [("U", 0, 1)]),
        (("a", "T:0:b", "c"), []),
        ((f"T:{MAX_INDEX}:a",), [("T", 0, MAX_INDEX)]),
    ],
)
def test_a_missing_index_is_named_with_the_entry_behind_it(
    entries: tuple[str, ...], gaps: list[tuple[str, int, int]]
) -> None:
    tag_map = inputs(*entries)
    assert [(tag, missing, entry.index) for tag, missing, entry in tag_map.gaps] == gaps
    assert tag_map.sound is not bool(gaps)


TAG_INDEXES = [
    ("", ("", 0)),
    (":0", ("", 0)),
    (":7", ("", 7)),
    ("T", ("T", 0)),
    ("T:0", ("T", 0)),
    ("T:1", ("T", 1)),
    ("_A9:10", ("_A9", 10)),
    (f"T:{MAX_INDEX}", ("T", MAX_INDEX)),
    (f"T:{MAX_INDEX + 1}", None),
    ("T:" + "9" * 5000, None),
    ("t", None),
    ("Tag", None),
    ("9T", None),
    ("T:", None),
    (":", None),
    ("T:01", None),
    ("T:-1", None),
    ("T:1:", None),
    ("T:1:x", None),
    ("T 1", None),
    (" T", None),
    ("T:1\n", None),
    ("T:١", None),
]


@pytest.mark.parametrize(("text", "meaning"), TAG_INDEXES, ids=[repr(text[:12]) for text, _ in TAG_INDEXES])
def test_a_tag_index_option_means_one_stream_or_is_refused(text: str, meaning: tuple[str, int] | None) -> None:
    assert parse_tag_index(text) == meaning


def test_look_ups() -> None:
    tag_map = inputs("a", "b", "T:1:d", "T:0:c")

    def found(text: str) -> str | None:
        entry = tag_map.find(text)
        return entry.name if entry is not None else None

    assert [found(text) for text in ("", ":0", ":1", ":2", "T", "T:0", "T:1", "T:2", "U", "t")] == [
        *("a", "a", "b", None),
        *("c", "c", "d", None),
        *(None, None),
    ]
    assert tag_map.tags == {"", "T"}
    assert tag_map.has("T")
    assert not tag_map.has("U")
    assert [entry.name for entry in tag_map.of("")] == ["a", "b"]
    assert len(tag_map) == 4


def test_of_two_entries_with_one_id_the_first_is_found() -> None:
    entry = inputs("T:a", "T:b").get("T")
    assert entry is not None
    assert entry.name == "a"


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)
TAGS = st.from_regex(r"[A-Z_][A-Z0-9_]{0,4}", fullmatch=True)


@given(
    st.dictionaries(TAGS, st.lists(NAMES, min_size=1, max_size=4), max_size=4), st.lists(NAMES, max_size=4), st.data()
)
def test_any_complete_list_in_any_order_is_sound(
    tagged: dict[str, list[str]], untagged: list[str], data: st.DataObject
) -> None:
    written = [f"{tag}:{index}:{name}" for tag, names in tagged.items() for index, name in enumerate(names)]
    tag_map = inputs(*data.draw(st.permutations(written)), *untagged)
    assert tag_map.sound
    assert {tag: [entry.name for entry in tag_map.of(tag)] for tag in tagged} == tagged
    assert [entry.name for entry in tag_map.of("")] == untagged


@given(st.text(alphabet="aZ_09: -é", max_size=8))
def test_whatever_is_written_is_either_valid_or_malformed_and_never_both(text: str) -> None:
    tag_map = inputs(text)
    (entry,) = tag_map
    assert entry.valid is not (entry in tag_map.malformed)
    if entry.valid:
        spelled = f"{entry.tag}:{entry.index}:{entry.name}" if entry.tag else entry.name
        assert text in (spelled, f"{entry.tag}:{entry.name}")
