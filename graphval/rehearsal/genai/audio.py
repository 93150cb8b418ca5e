"""Audio files as the speech nodes read and write them: WAV, mono, at Whisper's rate.

Source: OVMS ``src/audio/audio_utils.cpp`` (2026.4): several channels are averaged, other rates are resampled.
"""

from __future__ import annotations

import io
import struct
import wave
from typing import Any

import numpy as np

from graphval.rehearsal.status import NotExercised

WHISPER_RATE = 16_000
_FLOAT_FORMAT = 3


class AudioError(Exception):
    """Bytes that are no audio file OVMS could read."""


def is_wav(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WAVE"


def samples_of(content: bytes) -> Any:
    """Samples between -1 and 1 at Whisper's rate. Raises :class:`AudioError`."""
    if not is_wav(content):
        if content[:3] == b"ID3" or content[:1] == b"\xff":
            raise NotExercised("an MP3 file: only WAV files can be read here")
        raise AudioError("neither WAV nor MP3")
    try:
        with wave.open(io.BytesIO(content)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise AudioError(str(error)) from error
    mono = _scaled(frames, width).reshape(-1, channels).mean(axis=1)
    return _resampled(mono.astype(np.float32), rate)


def _scaled(frames: bytes, width: int) -> Any:
    match width:
        case 1:
            return (np.frombuffer(frames, np.uint8).astype(np.float32) - 128) / 128
        case 2:
            return np.frombuffer(frames, "<i2").astype(np.float32) / 32_768
        case 4:
            return np.frombuffer(frames, "<i4").astype(np.float64) / 2_147_483_648
        case _:
            raise AudioError(f"samples of {width} bytes")


def _resampled(samples: Any, rate: int) -> Any:
    if rate == WHISPER_RATE or samples.size == 0:
        return samples
    count = max(1, round(samples.size * WHISPER_RATE / rate))
    places = np.linspace(0, samples.size - 1, count)
    return np.interp(places, np.arange(samples.size), samples).astype(np.float32)


def wav_of(samples: Any, rate: int) -> bytes:
    """A WAV file of 32 bit floats, one channel."""
    data = np.ascontiguousarray(samples, np.dtype("<f4")).tobytes()
    width = 4
    form = struct.pack("<HHIIHH", _FLOAT_FORMAT, 1, rate, rate * width, width, 8 * width)
    return (
        b"RIFF" + struct.pack("<I", 4 + 8 + len(form) + 8 + len(data)) + b"WAVE"
        + b"fmt " + struct.pack("<I", len(form)) + form
        + b"data" + struct.pack("<I", len(data)) + data
    )  # fmt: skip
