"""Small deployments of one generative node with its model, sound as they are, to put faults into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import load as load_deployment
from graphval.findings import Finding, Severity
from graphval.rules.run import judge

LANGUAGE_IR = '<net><layer type="Const"/><layer type="ReadValue"/><layer type="ScaledDotProductAttention"/></net>\n'
EMPTY_IR = "<net></net>\n"
ENCODER_IR = """<net>
<layers>
<layer id="0" name="input_ids" type="Parameter">
<data shape="?,?" element_type="i64"/>
<output><port id="0" precision="I64" names="input_ids"><dim>-1</dim><dim>-1</dim></port></output>
</layer>
<layer id="1" name="encoder" type="MatMul">
<output><port id="0" precision="FP32" names="last_hidden_state"><dim>-1</dim><dim>-1</dim><dim>8</dim></port></output>
</layer>
<layer id="2" name="last_hidden_state" type="Result">
<input><port id="0" precision="FP32"><dim>-1</dim><dim>-1</dim><dim>8</dim></port></input>
</layer>
</layers>
<edges>
<edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
<edge from-layer="1" from-port="0" to-layer="2" to-port="0"/>
</edges>
</net>
"""
CLASSIFIER_IR = ENCODER_IR.replace("<dim>-1</dim><dim>-1</dim><dim>8</dim>", "<dim>-1</dim><dim>1</dim>")

TEXT = {
    "openvino_model.xml": LANGUAGE_IR,
    "openvino_model.bin": "weights",
    "openvino_tokenizer.xml": EMPTY_IR,
    "openvino_detokenizer.xml": EMPTY_IR,
    "chat_template.jinja": "{{ messages[0]['content'] }}",
    "config.json": '{"model_type": "llama"}',
    "tokenizer_config.json": '{"pad_token": "<pad>"}',
    "generation_config.json": '{"do_sample": true, "temperature": 0.7, "eos_token_id": [1, 2]}',
}
IMAGES = {
    **{name: text for name, text in TEXT.items() if not name.startswith("openvino_model")},
    "openvino_language_model.xml": LANGUAGE_IR,
    "openvino_language_model.bin": "weights",
    "openvino_text_embeddings_model.xml": EMPTY_IR,
    "openvino_vision_embeddings_model.xml": EMPTY_IR,
    "openvino_vision_embeddings_model.bin": "weights",
}
ENCODER = {
    "openvino_model.xml": ENCODER_IR,
    "openvino_tokenizer.xml": EMPTY_IR,
    "config.json": '{"pad_token_id": 1, "eos_token_id": 2, "bos_token_id": 3}',
    "tokenizer_config.json": '{"pad_token": "<pad>"}',
}
SPEECH = {
    "openvino_encoder_model.xml": EMPTY_IR,
    "openvino_decoder_model.xml": EMPTY_IR,
    "openvino_detokenizer.xml": EMPTY_IR,
    "config.json": "{}",
    "generation_config.json": "{}",
}
PICTURES = {"model_index.json": "{}"}


@dataclass(frozen=True)
class Kind:
    """What all nodes of one kind have in common."""

    calculator: str
    options: str
    side_packet: str
    prefix: str = "HTTP_"
    loops: bool = False


LLM = Kind("HttpLLMCalculator", "LLMCalculatorOptions", "LLM_NODE_RESOURCES:llm", loops=True)
EMBEDDINGS = Kind(
    "EmbeddingsCalculatorOV", "EmbeddingsCalculatorOVOptions", "EMBEDDINGS_NODE_RESOURCES:embeddings_servable", ""
)
RERANK = Kind("RerankCalculatorOV", "RerankCalculatorOVOptions", "RERANK_NODE_RESOURCES:rerank_servable", "")
IMAGE = Kind("ImageGenCalculator", "ImageGenCalculatorOptions", "IMAGE_GEN_NODE_RESOURCES:pipes")
LISTEN = Kind("S2tCalculator", "S2tCalculatorOptions", "STT_NODE_RESOURCES:s2t_servable")
SPEAK = Kind("T2sCalculator", "T2sCalculatorOptions", "TTS_NODE_RESOURCES:t2s_servable")


@dataclass(frozen=True)
class Case:
    """One deployment. ``options`` are lines of the node's options, ``files`` lie beside the graph, ``head`` stands
    before everything else in the graph."""

    kind: Kind
    options: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    head: tuple[str, ...] = ()
    name: str = "worker"
    input_name: str = "input"
    more: tuple[str, ...] = ()

    def with_option(self, line: str) -> Case:
        return replace(self, options=(*self.options, line))

    def without_option(self, name: str) -> Case:
        return replace(self, options=tuple(line for line in self.options if not line.startswith(f"{name}:")))

    def with_file(self, name: str, text: str) -> Case:
        return replace(self, files={**self.files, name: text})

    def without_file(self, *names: str) -> Case:
        assert set(names) <= set(self.files), names
        return replace(self, files={name: text for name, text in self.files.items() if name not in names})

    def has(self, option: str) -> bool:
        return any(line.startswith(option) for line in self.options)

    @property
    def graph(self) -> str:
        kind, prefix = self.kind, self.kind.prefix
        lines = [
            *self.head,
            f'input_stream: "{prefix}REQUEST_PAYLOAD:{self.input_name}"',
            f'output_stream: "{prefix}RESPONSE_PAYLOAD:output"',
            *self.more,
            "node {",
            *([f'  name: "{self.name}"'] if self.name else []),
            f'  calculator: "{kind.calculator}"',
            f'  input_side_packet: "{kind.side_packet}"',
            f'  input_stream: "{prefix}REQUEST_PAYLOAD:{self.input_name}"',
            f'  output_stream: "{prefix}RESPONSE_PAYLOAD:output"',
        ]
        if kind.loops:
            sync_set = '{ sync_set { tag_index: "LOOPBACK:0" } }'
            lines += [
                '  input_stream: "LOOPBACK:loopback"',
                '  output_stream: "LOOPBACK:loopback"',
                '  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }',
                "  input_stream_handler {",
                '    input_stream_handler: "SyncSetInputStreamHandler"',
                f"    options {{ [mediapipe.SyncSetInputStreamHandlerOptions.ext] {sync_set} }}",
                "  }",
            ]
        lines += [
            "  node_options: {",
            f"    [type.googleapis.com/mediapipe.{kind.options}]: {{",
            *(f"      {line}" for line in self.options),
            "    }",
            "  }",
            "}",
        ]
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> None:
        for name, text in {"graph.pbtxt": self.graph, **self.files}.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


Change = Callable[[Case], "Case | None"]


def model(files: dict[str, str], folder: str = "model") -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in files.items()}


def findings(case: Case, folder: Path, *, release: str | None = None, no_models: bool = False) -> list[Finding]:
    """Errors and warnings about a deployment."""
    case.write(folder)
    judgement = judge(load_deployment(folder), load_catalog(release), no_models=no_models)
    found = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    return [finding for finding in found if finding.severity is not Severity.INFO]


GOOD: dict[str, Case] = {
    "llm": Case(LLM, ('models_path: "model"',), model(TEXT)),
    "llm on cpu": Case(
        LLM,
        (
            'models_path: "model"',
            'device: "CPU"',
            'plugin_config: \'{"NUM_STREAMS": "2", "PERFORMANCE_HINT": "LATENCY"}\'',
            "cache_size: 1",
            'tool_parser: "hermes3"',
        ),
        model(TEXT),
    ),
    "llm with draft": Case(
        LLM,
        ('models_path: "model"', 'draft_models_path: "small"', 'draft_device: "CPU"'),
        model(TEXT) | model(TEXT, "small"),
    ),
    "llm on npu": Case(
        LLM, ('models_path: "model"', 'device: "NPU"', "plugin_config: '{\"MAX_PROMPT_LEN\": 2048}'"), model(TEXT)
    ),
    "llm without batching": Case(LLM, ('models_path: "model"', 'device: "CPU"', "pipeline_type: LM"), model(TEXT)),
    "vlm": Case(LLM, ('models_path: "model"', 'device: "GPU"', "pipeline_type: VLM_CB"), model(IMAGES)),
    "vlm on npu": Case(
        LLM,
        (
            'models_path: "model"',
            'device: "NPU"',
            'plugin_config: \'{"DEVICE_PROPERTIES": {"NPU": {"MAX_PROMPT_LEN": 2048}}}\'',
        ),
        model(IMAGES),
    ),
    "embeddings": Case(EMBEDDINGS, ('models_path: "model"', 'target_device: "CPU"'), model(ENCODER)),
    "rerank": Case(RERANK, ('models_path: "model"',), model(ENCODER | {"openvino_model.xml": CLASSIFIER_IR})),
    "listen": Case(LISTEN, ('models_path: "model"', 'target_device: "CPU"'), model(SPEECH)),
    "speak": Case(SPEAK, ('models_path: "model"', "speed_min: 0.5"), model(SPEECH)),
    "image": Case(IMAGE, ('models_path: "model"', 'device: "CPU GPU CPU"'), model(PICTURES)),
    "image of fixed size": Case(
        IMAGE,
        ('models_path: "model"', 'device: "NPU"', 'resolution: "512x512"', "guidance_scale: 7.5"),
        model(PICTURES),
    ),
    "image with adapters": Case(
        IMAGE,
        (
            'models_path: "model"',
            'lora_adapters { alias: "ink" path: "ink.safetensors" }',
            'lora_adapters { alias: "oil" path: "oil.safetensors" alpha: 0.5 }',
            'composite_lora_adapters { alias: "mix" components { adapter_alias: "ink" } }',
        ),
        model(PICTURES) | {"ink.safetensors": "weights", "oil.safetensors": "weights"},
    ),
}
