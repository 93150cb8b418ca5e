"""``ImageGenCalculator``: images of a text, or of a text and an image.

Source: OVMS ``src/image_gen/http_image_gen_calculator.cc``, ``imagegenutils.cpp`` (2026.4).
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.image import ImageGeneration
from graphval.rehearsal.genai.language_model import image_tensor
from graphval.rehearsal.http_payload import HttpPayload, Multipart
from graphval.rehearsal.journal import journal
from graphval.rehearsal.nodes.http_node import REQUEST, RESPONSE, payload_of, resource
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.status import NotExercised

if TYPE_CHECKING:
    from graphval.graph import Node

_FILE = "src/image_gen/http_image_gen_calculator.cc"
_ACCEPTED = frozenset(
    {
        "prompt", "image", "mask", "model", "prompt_2", "prompt_3", "negative_prompt", "negative_prompt_2",
        "negative_prompt_3", "size", "height", "width", "n", "num_images_per_prompt", "response_format",
        "num_inference_steps", "rng_seed", "strength", "guidance_scale", "max_sequence_length", "user", "lora_weights",
    }
)  # fmt: skip
_TEXTS = ("prompt_2", "prompt_3", "negative_prompt", "negative_prompt_2", "negative_prompt_3")


class ImageGenerationNode:
    """Answers a request with pictures, made of a text or of a picture and a text."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings

    def open(self) -> None:
        """What was loaded is looked up at each request, not here."""

    def process(self, call: Call) -> None:
        found = resource(
            self._node, self._surroundings, ImageGeneration, "IMAGE_GEN_NODE_RESOURCES", "Image Gen", _FILE
        )
        payload = payload_of(call, REQUEST, self._surroundings)
        if payload is None:
            return
        path = payload.uri.removeprefix("/v3/").removeprefix("/v1/")
        if path.startswith("images/generations"):
            images = _generate(found, payload)
        elif path.startswith("images/edits"):
            images = _edit(found, payload)
        else:
            raise invalid(f"Unsupported URI: {payload.uri}")
        body = json.dumps({"data": [{"b64_json": base64.b64encode(_png(image)).decode()} for image in images]})
        call.emit(RESPONSE, bindings()._packet_creator.create_string(body), call.timestamp)

    def close(self) -> None:
        """Nothing is held."""


def _generate(found: ImageGeneration, payload: HttpPayload) -> Any:
    document = payload.document
    if document is None:
        raise invalid("Failed to parse JSON")
    if not isinstance(document, dict):
        raise invalid("JSON body must be an object")
    if "prompt" not in document:
        raise invalid("prompt field is missing in JSON body")
    if not isinstance(document["prompt"], str):
        raise invalid("prompt field is not a string")
    if found.from_text is None:
        raise NodeError("FAILED_PRECONDITION", "Text to image pipeline is not available for this model")
    settings = read_settings(found, document)
    settings |= found.adapters.chosen(str(document.get("model", "")), _strengths(document.get("lora_weights")))
    return _run(lambda: found.from_text.generate(document["prompt"], **settings), found)


def _edit(found: ImageGeneration, payload: HttpPayload) -> Any:
    form = payload.multipart
    if form is None:
        raise invalid("Failed to parse multipart data")
    prompt = form.fields.get("prompt", "")
    if not prompt:
        raise invalid("Missing required field: 'prompt'")
    if not form.files.get("image"):
        raise invalid("Missing required field: 'image'")
    image = image_tensor(form.files["image"])
    settings = read_settings(found, _typed(form)) | found.adapters.chosen(form.fields.get("model", ""), {})
    mask = form.files.get("mask")
    pipeline = found.inpainting if mask else found.from_image
    if pipeline is None:
        kind = "Inpainting" if mask else "Image to image"
        raise NodeError("FAILED_PRECONDITION", f"{kind} pipeline is not available for this model")
    images = (image, image_tensor(mask)) if mask else (image,)
    return _run(lambda: pipeline.generate(prompt, *images, **settings), found)


def _strengths(written: Any) -> dict[str, float]:
    """The strengths of adapters in a request; what is no number is passed over."""
    if not isinstance(written, dict):
        return {}
    return {
        str(alias): float(strength)
        for alias, strength in written.items()
        if isinstance(strength, int | float) and not isinstance(strength, bool)
    }


def _run(call: Any, found: ImageGeneration) -> Any:
    try:
        with found.lock:
            return np.array(call().data)
    except RuntimeError as error:
        journal.error(f"ImageGenCalculator Error: {error}", "llm_calculator")
        raise NodeError("INTERNAL", "Error during images generation") from error


def _typed(form: Multipart) -> dict[str, Any]:
    """Fields of a form as the JSON values they stand for."""
    typed: dict[str, Any] = {}
    for name, text in form.fields.items():
        if name in ("n", "num_images_per_prompt", "num_inference_steps", "rng_seed", "height", "width"):
            typed[name] = int(text) if re.fullmatch(r"\d{1,9}", text) else text
        elif name in ("strength", "guidance_scale") and re.fullmatch(r"\d+(\.\d*)?", text):
            typed[name] = float(text)
        else:
            typed[name] = text
    return typed


def read_settings(found: ImageGeneration, document: Mapping[str, Any]) -> dict[str, Any]:
    """Generation settings of a request. Raises :class:`NodeError` with the first objection."""
    for name in document:
        if name not in _ACCEPTED:
            raise invalid(f"Unhandled parameter: {name}")
    if document.get("response_format", "b64_json") != "b64_json":
        raise invalid("Unsupported response_format. Only b64_json is supported.")
    settings: dict[str, Any] = {name: document[name] for name in _TEXTS if name in document}
    if not all(isinstance(text, str) for text in settings.values()):
        raise invalid("prompt fields have to be strings")
    settings |= _size(found, document)
    steps = _positive(document, "num_inference_steps", found.steps)
    if steps > found.most_steps:
        raise invalid(f"num_inference_steps is greater than max_num_inference_steps: {steps} > {found.most_steps}")
    settings["num_inference_steps"] = steps
    number = _positive(document, "n", _positive(document, "num_images_per_prompt", 1))
    if number > found.most_images:
        raise invalid(f"n is greater than max_num_images_per_prompt: {number} > {found.most_images}")
    settings["num_images_per_prompt"] = number
    if "rng_seed" in document:
        settings["rng_seed"] = _positive(document, "rng_seed", 0, least=0)
    for name, most in (("strength", 1.0), ("guidance_scale", None)):
        value = document.get(name)
        if value is None:
            continue
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise invalid(f"{name} parameter is not a positive number")
        if most is not None and value > most:
            raise invalid(f"{name} parameter must be in range [0.0, {most}]")
        settings[name] = float(value)
    return settings


def _size(found: ImageGeneration, document: Mapping[str, Any]) -> dict[str, int]:
    size = document.get("size", "auto")
    if "size" in document and ("height" in document or "width" in document):
        raise invalid("having both 'size' and 'height' or 'width' parameters is not allowed")
    if "height" in document or "width" in document:
        width, height = _positive(document, "width", 0), _positive(document, "height", 0)
        if not (width and height):
            raise invalid("both height and width have to be given")
    elif size == "auto":
        if found.default_size is None:
            return {}
        width, height = found.default_size
    else:
        match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", size) if isinstance(size, str) else None
        if match is None:
            raise invalid("size field is not in correct format - WxH")
        width, height = int(match[1]), int(match[2])
    if width > found.greatest[0] or height > found.greatest[1]:
        raise invalid("Requested resolution exceeds maximum allowed resolution")
    return {"width": width, "height": height}


def _positive(document: Mapping[str, Any], name: str, default: int, least: int = 1) -> int:
    value = document.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise invalid(f"{name} parameter is not a positive integer")
    return value


def _png(image: Any) -> bytes:
    try:
        from PIL import Image
    except ModuleNotFoundError as error:
        raise NotExercised("an answer that is an image: Pillow is not installed") from error
    content = io.BytesIO()
    Image.fromarray(image).save(content, "PNG")
    return content.getvalue()
