"""A model that sees, hears and speaks: what it is asked with, what it answers, and what it refuses."""

from __future__ import annotations

import base64
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.rehearsal.server import Rehearsal

PLACE = Path(__file__).parents[2] / "graphs" / "good" / "omni_chat"
TONE = base64.b64encode(Path(__file__).with_name("tone.mp3").read_bytes()).decode()
HELLO = [{"role": "user", "content": "hello"}]
RATE = 24_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The example, one that names its pipeline, and one whose model lost a part."""
    folder = tmp_path_factory.mktemp("omni")
    text = (PLACE / "graph.pbtxt").read_text()
    shutil.copytree(PLACE / "companion", folder / "mute")
    (folder / "mute" / "openvino_code2wav_model.xml").unlink()
    graphs = {
        "named": text.replace('"companion"', f'"{PLACE / "companion"}" pipeline_type: OMNI'),
        "broken": text.replace('"companion"', f'"{folder / "mute"}"'),
    }
    entries = [{"name": "omni", "base_path": str(PLACE)}]
    for name, graph in graphs.items():
        (folder / name).mkdir()
        (folder / name / "graph.pbtxt").write_text(graph)
        entries.append({"name": name, "base_path": str(folder / name)})
    (folder / "config.json").write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": entries}))
    server = Rehearsal(folder, ["--config_path", str(folder / "config.json")])
    yield server
    server.stop()


def ask(served: Rehearsal, messages: Any = HELLO, model: str = "omni", **more: Any) -> tuple[int, Any]:
    body = {"model": model, "messages": messages, "max_tokens": 6, "temperature": 0, **more}
    return served.rest("/v3/chat/completions", body)


def content(served: Rehearsal, messages: Any = HELLO, model: str = "omni") -> str:
    code, answer = ask(served, messages, model)
    assert code == 200
    message = answer["choices"][0]["message"]
    assert "audio" not in message
    return str(message["content"])


def about(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "text", "text": "hello"}, part]}]


def sound(data: str, form: str) -> dict[str, Any]:
    return {"type": "input_audio", "input_audio": {"data": data, "format": form}}


def image() -> dict[str, Any]:
    picture = io.BytesIO()
    Image.new("RGB", (56, 56), (250, 250, 250)).save(picture, "PNG")
    url = "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
    return {"type": "image_url", "image_url": {"url": url}}


def test_a_folder_with_a_talker_is_such_a_model(served: Rehearsal) -> None:
    assert content(served) == content(served, model="named") != ""


def test_what_it_sees_and_hears_changes_what_it_says(served: Rehearsal) -> None:
    assert len({content(served), content(served, about(sound(TONE, "mp3"))), content(served, about(image()))}) == 3


def test_a_stream_says_what_the_whole_answer_says(served: Rehearsal) -> None:
    body = {"model": "omni", "messages": HELLO, "max_tokens": 6, "temperature": 0, "stream": True}
    events = served.events("/v3/chat/completions", body)
    chunks = [json.loads(event) for event in events[:-1]]
    said = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert said == content(served)


@pytest.mark.parametrize(("form", "more"), [("wav", {}), ("pcm16", {"voice": "otto"})])
def test_an_answer_is_spoken_where_that_is_asked_for(served: Rehearsal, form: str, more: dict[str, str]) -> None:
    code, answer = ask(served, modalities=["text", "audio"], audio={"format": form, **more})
    assert code == 200
    message = answer["choices"][0]["message"]
    data = base64.b64decode(message["audio"]["data"])
    assert message["audio"]["transcript"] == message["content"] == content(served)
    assert (data[:4] == b"RIFF") == (form == "wav")
    if form == "wav":
        assert int.from_bytes(data[24:28], "little") == RATE
    assert len(data) > 100


def test_a_response_holds_the_speech_beside_the_text(served: Rehearsal) -> None:
    body = {"model": "omni", "input": "hello", "max_output_tokens": 6, "temperature": 0, "modalities": ["audio"]}
    code, answer = served.rest("/v3/responses", body)
    assert code == 200
    assert [part["type"] for part in answer["output"][0]["content"]] == ["output_text", "output_audio"]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (sound("", "wav"), "input_audio data field is empty"),
        (sound("####", "wav"), "Invalid base64 string in input_audio data"),
        (sound(TONE, "wav"), "Audio decoding failed: WAV file parsing failed"),
        (sound(TONE[:8], "mp3"), "Audio decoding failed: MP3 file parsing failed"),
    ],
)
def test_a_sound_that_cannot_be_read_is_refused(served: Rehearsal, part: dict[str, Any], text: str) -> None:
    code, answer = ask(served, about(part))
    assert code == 400
    assert text in answer["error"]


def test_plain_completions_are_refused(served: Rehearsal) -> None:
    code, answer = served.rest("/v3/completions", {"model": "omni", "prompt": "hello"})
    assert code == 400
    assert "Wrong endpoint. Omni Servable allowed only on" in answer["error"]


def test_a_model_without_all_its_parts_is_refused_at_load(served: Rehearsal) -> None:
    assert "Error during omni model node initialization" in served.said_of("broken")
    assert served.rest("/v2/models/broken/ready")[0] == 404
