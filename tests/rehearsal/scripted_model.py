"""The example chat model, made to write one given text and nothing else.

Its weights stay what they are and are run, but what they say is multiplied by nothing, and added to it is a table that
makes each token of the text the only one possible at its place. The prompt must always be of one length.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import openvino
from openvino import opset13 as operations

EXAMPLE = Path(__file__).parents[2] / "graphs" / "good" / "chat" / "chat_model"
_END_OF_TEXT = 2
_PLACES = 512
_CERTAIN = 1e4
_QUOTE = {'"': "&quot;"}


def make_scripted_model(folder: Path, text: str, prompt: str, template: str = "") -> None:
    """Write such a model into ``folder``, which must not be there yet.

    ``prompt`` is what the chat template makes of the requests to come; ``template`` is put before the example's own.
    """
    import openvino_genai

    shutil.copytree(EXAMPLE, folder)
    file = folder / "openvino_tokenizer.xml"
    before = file.read_text()
    file.write_text(re.sub(r'(<chat_template value=")', lambda found: found[1] + escape(template, _QUOTE), before))
    tokenizer = openvino_genai.Tokenizer(str(folder))
    script = [int(token) for token in tokenizer.encode(text, add_special_tokens=False).input_ids.data.flat]
    first = tokenizer.encode(prompt, add_special_tokens=False).input_ids.size - 1

    file = folder / "openvino_model.xml"
    model = openvino.Core().read_model(file)
    (result,) = model.get_results()
    said = result.input_value(0)
    table = np.full((_PLACES, said.partial_shape[-1].get_length()), -_CERTAIN, np.float32)
    for place in range(_PLACES):
        written = place - first
        table[place, script[written] if 0 <= written < len(script) else _END_OF_TEXT] = _CERTAIN
    places = next(p for p in model.get_parameters() if "position_ids" in p.output(0).get_names())
    row = operations.gather(operations.constant(table), places.output(0), operations.constant(0))
    forced = operations.add(operations.multiply(said, operations.constant(np.float32(0))), row)
    said.set_names(set())
    forced.output(0).set_names({"logits"})
    result.input(0).replace_source_output(forced.output(0))
    openvino.save_model(model, folder / "forced.xml", compress_to_fp16=False)
    del model
    for ending in ("xml", "bin"):
        (folder / f"forced.{ending}").replace(folder / f"openvino_model.{ending}")
