"""Audio files become samples at Whisper's rate. Both MP3 files hold a tone of 440 Hz, one in stereo at 44.1 kHz."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.rehearsal.genai.audio import WHISPER_RATE, AudioError, samples_of, wav_of

MONO, STEREO = (Path(__file__).with_name(name) for name in ("tone.mp3", "tone_stereo.mp3"))


def wav(frames: Any, rate: int) -> bytes:
    """A WAV file of 16 bit samples: a row for each frame, a column for each channel."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(frames.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.astype("<i2").tobytes())
    return content.getvalue()


def pitch(samples: Any) -> float:
    """The loudest frequency in Hz."""
    return float(np.abs(np.fft.rfft(samples)).argmax() * WHISPER_RATE / samples.size)


SHORTS = st.integers(-32_768, 32_767)


@given(st.lists(SHORTS, min_size=1, max_size=50))
def test_samples_of_one_channel_are_those_of_the_file(values: list[int]) -> None:
    samples = samples_of(wav(np.array(values)[:, np.newaxis], WHISPER_RATE))
    assert samples.dtype == np.float32
    assert np.allclose(samples, np.array(values) / 32_768)


@given(st.lists(st.tuples(SHORTS, SHORTS), min_size=1, max_size=50))
def test_two_channels_are_averaged(values: list[tuple[int, int]]) -> None:
    samples = samples_of(wav(np.array(values), WHISPER_RATE))
    assert np.allclose(samples, np.array(values).mean(axis=1) / 32_768, atol=1e-6)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_are_resampled(rate: int) -> None:
    times = np.arange(rate // 2) / rate
    samples = samples_of(wav((10_000 * np.sin(2 * np.pi * 440 * times))[:, np.newaxis], rate))
    assert samples.size == rate // 2 * WHISPER_RATE // rate
    assert pitch(samples) == pytest.approx(440, abs=3)


def test_floats_are_read_as_they_are_written() -> None:
    written = np.linspace(-0.9, 0.9, 200, dtype=np.float32)
    assert np.allclose(samples_of(wav_of(written, WHISPER_RATE)), written, atol=1e-4)


def test_an_mp3_file_is_decoded() -> None:
    samples = samples_of(MONO.read_bytes())
    assert samples.size == pytest.approx(WHISPER_RATE / 2, rel=0.2)
    assert 0.4 < np.abs(samples).max() < 0.6
    assert pitch(samples) == pytest.approx(440, abs=5)


def test_the_channels_of_an_mp3_file_follow_each_other() -> None:
    """Two samples for each frame are resampled as if they were one channel's, so that the tone lasts twice as long."""
    samples = samples_of(STEREO.read_bytes())
    assert samples.size == pytest.approx(2 * WHISPER_RATE / 4, rel=0.25)
    assert pitch(samples) == pytest.approx(220, abs=5)


@pytest.mark.parametrize(
    "content",
    [
        b"no sound",
        b"fLaC" + bytes(200),
        b"OggS" + bytes(200),
        b"ID3" + bytes(200),
        b"\xff\xfb" * 50,
        MONO.read_bytes()[:20],
        wav(np.zeros((10, 3)), WHISPER_RATE),
        wav(np.zeros((10, 1)), WHISPER_RATE)[:30],
        wav(np.zeros((10, 1)), WHISPER_RATE) + b"more than it says",
    ],
)
def test_all_else_is_no_audio(content: bytes) -> None:
    with pytest.raises(AudioError):
        samples_of(content)


@given(st.binary(max_size=300), st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"ID3", b"\xff\xfb\x90\x00"]))
def test_whatever_the_bytes_there_are_samples_or_a_refusal(content: bytes, before: bytes) -> None:
    try:
        samples = samples_of(before + content)
    except AudioError:
        return
    assert samples.dtype == np.float32
