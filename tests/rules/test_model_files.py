"""Files that models of speech and pictures cannot do without, each taken away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphval.findings import Phase

from .genai_deployments import CLASSIFIER_IR, GOOD, findings, model

XML = "<net></net>\n"
SPEECH_T5 = {
    **dict.fromkeys(
        (
            f"openvino_{part}.xml"
            for part in ("encoder_model", "decoder_model", "postnet", "vocoder", "tokenizer", "detokenizer")
        ),
        XML,
    ),
    "config.json": '{"architectures": ["SpeechT5ForTextToSpeech"]}',
}
PARTS = ("scheduler", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "unet", "vae")
PAINTER = {
    "model_index.json": json.dumps(
        {"_class_name": "P", "safety_checker": [None, None]} | {p: ["l", "C"] for p in PARTS}
    ),
    "scheduler/scheduler_config.json": "{}",
    "vae_encoder/openvino_model.xml": XML,
    **{f"{part}/openvino_model.xml": XML for part in ("text_encoder", "text_encoder_2", "unet", "vae_decoder")},
    **{
        f"{part}/openvino_{name}.xml": XML
        for part in ("tokenizer", "tokenizer_2")
        for name in ("tokenizer", "detokenizer")
    },
}
CASES = {
    "vlm": GOOD["vlm"],
    "listen": GOOD["listen"],
    "speak": GOOD["speak"].without_file(*GOOD["speak"].files),
    "image": GOOD["image"].without_file(*GOOD["image"].files),
}
PYTORCH = "it holds a model of PyTorch: export it with optimum-cli export openvino"
FILES = {"vlm": {}, "listen": {}, "speak": SPEECH_T5, "image": PAINTER}


@pytest.mark.parametrize(
    ("kind", "missing", "code", "phase"),
    [
        ("vlm", "", "", None),
        ("vlm", "openvino_vision_embeddings_model.xml", "GV721", Phase.LOAD),
        ("listen", "", "", None),
        ("listen", "openvino_encoder_model.xml", "GV721", Phase.LOAD),
        ("listen", "openvino_decoder_model.xml", "GV721", Phase.LOAD),
        ("listen", "generation_config.json", "GV721", Phase.SERVE),
        ("listen", "openvino_detokenizer.xml", "GV723", Phase.SERVE),
        ("speak", "", "", None),
        ("speak", "config.json", "GV721", Phase.LOAD),
        ("speak", "openvino_encoder_model.xml", "GV721", Phase.LOAD),
        ("speak", "openvino_decoder_model.xml", "GV721", Phase.LOAD),
        ("speak", "openvino_postnet.xml", "GV721", Phase.LOAD),
        ("speak", "openvino_vocoder.xml", "GV721", Phase.LOAD),
        ("speak", "openvino_tokenizer.xml", "GV723", Phase.SERVE),
        ("speak", "openvino_detokenizer.xml", "", None),
        ("image", "", "", None),
        ("image", "model_index.json", "GV721", Phase.LOAD),
        ("image", "scheduler/scheduler_config.json", "GV721", Phase.LOAD),
        ("image", "text_encoder/openvino_model.xml", "GV721", Phase.LOAD),
        ("image", "text_encoder_2/openvino_model.xml", "GV721", Phase.LOAD),
        ("image", "unet/openvino_model.xml", "GV721", Phase.LOAD),
        ("image", "vae_decoder/openvino_model.xml", "GV721", Phase.LOAD),
        ("image", "vae_encoder/openvino_model.xml", "", None),
        ("image", "tokenizer/openvino_tokenizer.xml", "GV723", Phase.SERVE),
        ("image", "tokenizer_2/openvino_tokenizer.xml", "GV723", Phase.SERVE),
        ("image", "tokenizer/openvino_detokenizer.xml", "", None),
    ],
)
def test_a_file_that_is_missing(kind: str, missing: str, code: str, phase: Phase | None, tmp_path: Path) -> None:
    case = CASES[kind]
    for name, text in model(FILES[kind]).items():
        case = case.with_file(name, text)
    found = findings(case.without_file(f"model/{missing}") if missing else case, tmp_path)
    assert [(f.code, f.phase) for f in found] == ([(code, phase)] if code else [])
    assert all(f"there is no {missing} in " in f.message for f in found)


def test_parts_that_an_index_names_without_a_class_are_not_needed(tmp_path: Path) -> None:
    index = json.dumps({"unet": ["diffusers", "UNet2DConditionModel"], "text_encoder_2": [None, None]})
    case = CASES["image"].with_file("model/model_index.json", index).with_file("model/unet/openvino_model.xml", XML)
    assert findings(case, tmp_path) == []


def test_of_a_model_that_speaks_and_is_another_one_nothing_is_known(tmp_path: Path) -> None:
    case = CASES["speak"].with_file("model/config.json", '{"architectures": ["Other"]}')
    assert findings(case.with_file("model/openvino_model.xml", XML), tmp_path) == []


def test_a_model_that_was_exchanged_is_read_again(tmp_path: Path) -> None:
    good = GOOD["embeddings"]
    bad = good.with_file("model/openvino_model.xml", CLASSIFIER_IR)
    told = [[f.code for f in findings(case, tmp_path)] for case in (good, bad, good)]
    assert told == [[], ["GV780"], []]


@pytest.mark.parametrize(("end", "told"), [(7, []), (8, ["is cut off: it has 7 bytes of 8"])])
def test_weights_that_are_short(tmp_path: Path, end: int, told: list[str]) -> None:
    """OpenVINO `src/core/xml_util/src/xml_deserialize_util.cpp` (2026.4): `Incorrect weights in bin file!`"""
    good, ir = GOOD["llm"], "model/openvino_model.xml"
    assert good.files["model/openvino_model.bin"] == "weights"
    data = f'<data offset="0" size="4"/>{" " * (1 << 20)}<data shape="1" offset="4" size="{end - 4}" />'
    found = findings(good.with_file(ir, good.files[ir].replace("<net>", f"<net>{data}")), tmp_path)
    assert [finding.message.partition("openvino_model.bin ")[2] for finding in found] == told


@pytest.mark.parametrize(
    ("kind", "there", "advice"),
    [
        ("llm", "small.gguf", "a GGUF model is named by its file: model/small.gguf"),
        ("embeddings", "small.gguf", "put the exported model there"),
        ("llm", "int4/openvino_model.xml", "int4/ in it has one"),
        ("llm", "int4/model_index.json", "put the exported model there"),
        ("image", "int4/model_index.json", "int4/ in it has one"),
        ("image", "int4/openvino_model.xml", "put the exported model there"),
        ("llm", "model.safetensors", PYTORCH),
        ("llm", "pytorch_model.bin", PYTORCH),
        ("llm", "pytorch_model-00001-of-00002.bin", PYTORCH),
        ("llm", "safetensors.txt", "put the exported model there"),
        ("llm", "old_pytorch_model.bin", "put the exported model there"),
    ],
)
def test_what_is_advised_where_there_is_another_model(kind: str, there: str, advice: str, tmp_path: Path) -> None:
    case = GOOD[kind].without_file(*GOOD[kind].files).with_file("model/README.md", "").with_file(f"model/{there}", "x")
    assert [f.help for f in findings(case, tmp_path) if f.code == "GV721"] == [advice]
