"""The options of an image generation node contradict each other.

## What it does

Makes OVMS's checks in its order: one or three devices; `resolution` a list of WxH without repeats; NPU with exactly
one; options for fixed and for free sizes not mixed; `max_resolution` and `default_resolution` readable and the
default not larger than the maximum, and among the fixed ones.

## Why it is bad

OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "painter"
  calculator: "ImageGenCalculator"
  input_side_packet: "IMAGE_GEN_NODE_RESOURCES:pipes"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.ImageGenCalculatorOptions]: {
      models_path: "./"
      default_resolution: "4097x256"  # error: [GV730]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "painter"
  calculator: "ImageGenCalculator"
  input_side_packet: "IMAGE_GEN_NODE_RESOURCES:pipes"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.ImageGenCalculatorOptions]: {
      models_path: "./"
      default_resolution: "512x512"
    }
  }
}
```

## Source

OVMS `src/image_gen/imagegen_init.cpp` (2026.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundMessage

_SIZE = re.compile(r"\s*([1-9][0-9]*)\s*x\s*([1-9][0-9]*)\s*", re.ASCII)
_STATIC_ONLY = ("guidance_scale", "num_images_per_prompt")
_DYNAMIC_ONLY = ("max_resolution",)


@node_rule("GV730", "image-options", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Image Gen")
    if options is None:
        return
    found = _first_fault(options)
    if found is not None:
        name, message, advice = found
        yield Hit(options.place_of(name), message, help=advice, node=node)


def _text(options: BoundMessage, name: str) -> str:
    field = options.first(name)
    return field.string if field is not None else ""


def _sizes(text: str) -> list[tuple[int, int]] | None:
    """The resolutions of a list like ``512x512 1024x1024``; ``None`` where OVMS cannot read it."""
    sizes = []
    for part in re.split(r"[;,\s]+", text.strip()):
        match = _SIZE.fullmatch(part)
        if match is None:
            return None
        sizes.append((int(match[1]), int(match[2])))
    return sizes


def _first_fault(options: BoundMessage) -> tuple[str, str, str] | None:
    """The first check that OVMS's own order would fail: field, what is wrong, what to do."""
    devices = _text(options, "device").split()
    if len(devices) not in (0, 1, 3):
        return (
            "device",
            f"device names {len(devices)} devices",
            "name one for all, or three: text encoder, denoising, VAE",
        )
    resolutions: list[tuple[int, int]] = []
    if _text(options, "resolution"):
        read = _sizes(_text(options, "resolution"))
        if read is None:
            return "resolution", "resolution is not a list of WIDTHxHEIGHT", 'write like "512x512"'
        if len(set(read)) < len(read):
            return "resolution", "resolution names a size twice", "remove one of them"
        resolutions = read
    if "NPU" in devices and len(resolutions) != 1:
        name = "resolution" if resolutions else "device"
        return name, f"NPU needs exactly one fixed resolution, not {len(resolutions)}", 'write resolution: "512x512"'
    for name in _STATIC_ONLY:
        if options.first(name) is not None and not resolutions:
            return name, f"{name} needs a fixed resolution", 'add resolution: "512x512", or remove it'
    if resolutions:
        for name in _DYNAMIC_ONLY:
            if options.first(name) is not None:
                return name, f"{name} has no meaning with a fixed resolution", "remove it"
    return _default_size_fault(options, resolutions)


def _default_size_fault(options: BoundMessage, resolutions: list[tuple[int, int]]) -> tuple[str, str, str] | None:
    """The default size against the largest and the fixed ones."""
    largest = _sizes(_text(options, "max_resolution") or "4096x4096")
    if largest is None or len(largest) != 1:
        return "max_resolution", "max_resolution is not WIDTHxHEIGHT", 'write like "1024x1024"'
    if options.first("default_resolution") is None:
        return None
    default = _sizes(_text(options, "default_resolution"))
    if default is None or len(default) != 1:
        return "default_resolution", "default_resolution is not WIDTHxHEIGHT", 'write like "512x512"'
    (width, height), (most_wide, most_high) = default[0], largest[0]
    if width > most_wide or height > most_high:
        return (
            "default_resolution",
            f"default_resolution {width}x{height} is above the maximum {most_wide}x{most_high}",
            "lower it, or raise max_resolution",
        )
    if resolutions and default[0] not in resolutions:
        return "default_resolution", "default_resolution is not among the fixed resolutions", "name one of them"
    return None
