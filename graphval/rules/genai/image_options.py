"""The options of an image generation node contradict each other.

## What it does

Makes OVMS's checks in its order: one or three devices; `resolution` a list of WIDTHxHEIGHT parted by blanks, without
repeats; NPU with exactly one; options for fixed and for free sizes not mixed; `max_resolution` and
`default_resolution` readable and the default not larger than the maximum, and among the fixed ones.

## Why it is bad

OVMS refuses the graph when it loads it: `Shape is dynamic but NPU is used`, `Wrong usage of static resolution` and
the like. The graph that the server's own `--task image_generation --target_device NPU` writes is such a one where no
`--resolution` is given.

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
      models_path: "model"
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
      models_path: "model"
      default_resolution: "512x512"
    }
  }
}
```

## How to fix

Change one of the options so that the message no longer holds.

## Source

OVMS `src/image_gen/imagegen_init.cpp` `prepareImageGenPipelineArgs` (2026.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundMessage

_SIZE = re.compile(r"\s*([1-9][0-9]{,18})\s*x\s*([1-9][0-9]{,18})\s*", re.ASCII)
_BEYOND = 2**63
_FIXED_ONLY = ("guidance_scale", "num_images_per_prompt")

Size: TypeAlias = tuple[int, int]
Fault: TypeAlias = tuple[str, str, str]
"""The field, what is wrong with it, and what to do."""


@node_rule("GV730", "image-options", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Image Gen",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Image Gen")
    if options is None:
        return
    fixed = _fixed_sizes(options)
    found = (
        _device_fault(options)
        or _resolution_fault(options, fixed)
        or _npu_fault(options, fixed)
        or _mixed_fault(options, fixed)
        or _default_size_fault(options, fixed)
    )
    if found is not None:
        name, message, advice = found
        yield Hit(options.place_of(name), message, help=advice, node=node)


def _text(options: BoundMessage, name: str) -> str:
    field = options.first(name)
    return field.string if field is not None else ""


def _size(text: str) -> Size | None:
    match = _SIZE.fullmatch(text)
    size = (int(match[1]), int(match[2])) if match is not None else None
    return size if size is not None and max(size) < _BEYOND else None


def _fixed_sizes(options: BoundMessage) -> list[Size | None] | None:
    """The sizes of ``resolution``, ``None`` for one OVMS cannot read; ``None`` where there is no such option."""
    if options.first("resolution") is None:
        return None
    return [_size(part) for part in _text(options, "resolution").strip().split(" ") if part]


def _device_fault(options: BoundMessage) -> Fault | None:
    devices = _text(options, "device").split()
    if len(devices) in (0, 1, 3):
        return None
    return (
        "device",
        f"device names {len(devices)} devices",
        "name one for all, or three: text encoder, denoising, VAE",
    )


def _resolution_fault(options: BoundMessage, fixed: list[Size | None] | None) -> Fault | None:
    if fixed is None:
        return None
    if None in fixed:
        return "resolution", "resolution is not a list of WIDTHxHEIGHT", 'write like "512x512 1024x1024"'
    if len(set(fixed)) < len(fixed):
        return "resolution", "resolution names a size twice", "remove one of them"
    return None


def _npu_fault(options: BoundMessage, fixed: list[Size | None] | None) -> Fault | None:
    if "NPU" not in _text(options, "device"):
        return None
    if fixed is None:
        return "device", "NPU needs a fixed resolution", 'add resolution: "512x512"'
    if len(fixed) > 1:
        return "resolution", f"NPU takes one fixed resolution, not {len(fixed)}", 'write resolution: "512x512"'
    return None


def _mixed_fault(options: BoundMessage, fixed: list[Size | None] | None) -> Fault | None:
    """Options for fixed sizes without one, options for free sizes beside fixed ones."""
    for name in _FIXED_ONLY:
        if options.first(name) is not None and fixed is None:
            return name, f"{name} needs a fixed resolution", 'add resolution: "512x512", or remove it'
        if options.first(name) is not None and fixed is not None and len(fixed) > 1:
            return name, f"{name} needs one fixed resolution, and there are {len(fixed)}", "name one, or remove it"
    if fixed is None:
        return None
    if options.first("max_resolution") is not None:
        return "max_resolution", "max_resolution has no meaning with a fixed resolution", "remove it"
    if len(fixed) == 1 and options.first("max_num_images_per_prompt") is not None:
        name = "max_num_images_per_prompt"
        return name, f"{name} has no meaning with a fixed resolution", "write num_images_per_prompt"
    return None


def _default_size_fault(options: BoundMessage, fixed: list[Size | None] | None) -> Fault | None:
    """The default size against the largest and the fixed ones."""
    largest = _size(_text(options, "max_resolution") or "4096x4096")
    if largest is None:
        return "max_resolution", "max_resolution is not WIDTHxHEIGHT", 'write like "1024x1024"'
    if options.first("default_resolution") is None:
        return None
    default = _size(_text(options, "default_resolution"))
    if default is None:
        return "default_resolution", "default_resolution is not WIDTHxHEIGHT", 'write like "512x512"'
    if default[0] > largest[0] or default[1] > largest[1]:
        return (
            "default_resolution",
            f"default_resolution {default[0]}x{default[1]} is above the maximum {largest[0]}x{largest[1]}",
            "lower it, or raise max_resolution",
        )
    if fixed is not None and default not in fixed:
        return "default_resolution", "default_resolution is not among the fixed resolutions", "name one of them"
    return None
