"""Sound, pictures and forms that requests to ``/v3`` carry, made here: small, and the same each time."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_BOUNDARY = "graphval-form-7d1f0c"
_RATE = 16_000


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file in a form: the name of its field, its own name, what it is and holds."""

    field: str
    name: str
    content_type: str
    content: bytes


def form(fields: Mapping[str, str], *files: FormFile) -> tuple[bytes, str]:
    """A multipart body with text fields and files, and its content type."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    for file in files:
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{file.field}"; filename="{file.name}"\r\n'
            f"Content-Type: {file.content_type}\r\n\r\n"
        )
        parts += [head.encode(), file.content, b"\r\n"]
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={_BOUNDARY}"


def tone() -> bytes:
    """One second of a tone, as mono 16-bit WAV: what every speech model takes."""
    samples = [int(8000 * math.sin(2 * math.pi * 440 * n / _RATE)) for n in range(_RATE)]
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return written.getvalue()


def picture(size: int, colour: tuple[int, int, int]) -> bytes:
    """A square of one colour as PNG, 8 bits each of red, green and blue (PNG specification, sections 5 and 11)."""
    row = b"\0" + bytes(colour) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * size)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
