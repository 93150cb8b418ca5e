"""Audio files as the speech nodes read and write them: WAV and MP3, at Whisper's rate; what is written is mono WAV.

Read by the decoders that OVMS has too, dr_wav and dr_mp3, which ``miniaudio`` brings. Two channels of a WAV file are
averaged; those of an MP3 file are not, and their samples follow each other as if they were one channel's.
Source: OVMS ``src/audio/audio_utils.cpp``, ``src/audio/speech_to_text/s2t_calculator.cc`` (2026.4).
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from graphval.rehearsal.status import NotExercised

WHISPER_RATE = 16_000
_FLOAT_FORMAT = 3


class AudioError(Exception):
    """Bytes that are no audio file OVMS could read."""


def samples_of(content: bytes) -> Any:
    """Samples between -1 and 1 at Whisper's rate. Raises :class:`AudioError`."""
    samples, channels, rate = _decoded(content, wav=_is_wav(content))
    return _resampled(samples.mean(axis=1) if _is_wav(content) and channels == 2 else samples.reshape(-1), rate)


def mono_of(content: bytes, form: str) -> Any:
    """One channel of samples between -1 and 1 at the file's own rate. Raises :class:`AudioError`.

    ``form`` is ``mp3`` or, as everything else, ``wav``.
    """
    samples, _, _ = _decoded(content, wav=form != "mp3")
    return np.ascontiguousarray(samples.mean(axis=1), np.float32)


def _decoded(content: bytes, *, wav: bool) -> tuple[Any, int, int]:
    """Samples with a column for each channel, the number of channels, and the rate."""
    try:
        import miniaudio
    except ModuleNotFoundError as error:
        raise NotExercised("a request with an audio file: miniaudio is not installed") from error
    try:
        decoded = miniaudio.wav_read_s16(content) if wav else miniaudio.mp3_read_f32(content)
    except miniaudio.MiniaudioError as error:
        raise AudioError(f"{'WAV' if wav else 'MP3'} file parsing failed") from error
    if decoded.nchannels not in (1, 2):
        raise AudioError(f"{'WAV' if wav else 'MP3'} file must be mono or stereo")
    samples = np.frombuffer(decoded.samples, np.int16 if wav else np.float32)
    scaled = samples.astype(np.float32) / np.float32(32_768) if wav else samples
    return scaled.reshape(-1, decoded.nchannels), decoded.nchannels, decoded.sample_rate


def _is_wav(content: bytes) -> bool:
    """Whether the bytes say that they are a WAV file of just this length; all others are taken for MP3."""
    said = int.from_bytes(content[4:8], "little") + 8
    return content[:4] == b"RIFF" and content[8:12] == b"WAVE" and said == len(content)


def _resampled(samples: Any, rate: int) -> Any:
    if rate == WHISPER_RATE or samples.size == 0:
        return samples
    places = np.arange(samples.size * WHISPER_RATE // rate, dtype=np.float32) * np.float32(rate / WHISPER_RATE)
    return np.interp(places, np.arange(samples.size), samples).astype(np.float32)


def pcm16_of(samples: Any) -> bytes:
    """Samples as 16 bit numbers, nothing around them."""
    return bytes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())


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
