"""Make the tiny generative models of the example graphs: a chat model, an embedder and a reranker.

The weights are random, the tokenizers hold a few hundred entries and each model stays below half a megabyte, so the
results are committed beside the graphs that name them and nobody has to run this to use the project. It needs an
environment of its own, since the exporters want numpy 2 while the mediapipe wheel wants numpy 1::

    python3.11 -m venv /tmp/genai-models
    /tmp/genai-models/bin/pip install -r tools/make_genai_models.requirements.txt
    /tmp/genai-models/bin/python tools/make_genai_models.py            # all of them
    /tmp/genai-models/bin/python tools/make_genai_models.py chat_model # one of them

Both vocabularies are spelled out rather than trained, and every random number is seeded: a second run gives the same
tokenizers and weights. Nothing is downloaded; the script runs offline.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import openvino
import torch
from openvino_tokenizers import convert_tokenizer
from optimum.exporters.openvino import main_export
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    GenerationConfig,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

GRAPHS = Path(__file__).resolve().parents[1] / "graphs"
CONTEXT = 512  # tokens that model and tokenizer agree on

CHAT_SPECIAL = ["<pad>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]
PAD, BOS, EOS = 0, 1, 2
CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BERT_WORDS = """
    a about all an and are as at be bread by can city close cloud cold day does file fish for from garden graph
    has hot house how if in is it kettle leaf light map model near night no not of on one open or paper question rain
    river road sea server ship snow so stone stream street sun tea text that the they this to train tree two was water
    we what when where which who wind with word yes you
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model: the folders under ``graphs`` that receive it, the exporter's task name, and how source model and
    tokenizer are built. ``tokenizer_inputs`` is how many texts one tokenizer call takes (2 for query and document)."""

    folders: tuple[str, ...]
    task: str
    build: Callable[[], tuple[PreTrainedModel, PreTrainedTokenizerFast]]
    tokenizer_inputs: int = 1


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer with one entry per byte and no merges, so that any text can be written and read back."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {entry: number for number, entry in enumerate(CHAT_SPECIAL + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(CHAT_SPECIAL)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        padding_side="left",
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def word_tokenizer() -> PreTrainedTokenizerFast:
    """A WordPiece tokenizer of a hundred whole words, with single letters and digits as the pieces of all others."""
    characters = list("abcdefghijklmnopqrstuvwxyz0123456789.,?!:'-")
    pieces = BERT_SPECIAL + characters + ["##" + c for c in characters]
    entries = pieces + [word for word in sorted(set(BERT_WORDS.split())) if word not in characters]
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
        mask_token="[MASK]",
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
        # Without token_type_ids in this list the converted tokenizer lacks an input that the BERT model has.
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )


def chat() -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A two-layer Llama. Wide initial weights and an untied head make it talk; silent head rows of the special tokens
    keep it from ending its answer before the token limit."""
    tokenizer = byte_tokenizer()
    torch.manual_seed(20)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        tie_word_embeddings=False,
        initializer_range=0.5,
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        model.lm_head.weight[: len(CHAT_SPECIAL)] = 0
    model.generation_config = GenerationConfig(pad_token_id=PAD, bos_token_id=BOS, eos_token_id=EOS)
    return model, tokenizer


def bert_config(tokenizer: PreTrainedTokenizerFast, **more: object) -> BertConfig:
    special = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("pad", "cls", "sep")}
    return BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=CONTEXT,
        **special,
        **more,
    )


def embedder() -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    tokenizer = word_tokenizer()
    torch.manual_seed(21)
    return BertModel(bert_config(tokenizer)).eval(), tokenizer


def reranker() -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A cross-encoder with one score. Wide initial weights keep the scores of two documents apart."""
    tokenizer = word_tokenizer()
    torch.manual_seed(22)
    config = bert_config(tokenizer, num_labels=1, initializer_range=0.2)
    return BertForSequenceClassification(config).eval(), tokenizer


RECIPES = {
    "chat_model": Recipe(
        ("good/chat/chat_model", "broken/sync_set_kills_chat/chat_model"), "text-generation-with-past", chat
    ),
    "text_embedder": Recipe(
        ("good/embeddings/text_embedder", "broken/option_removed/text_embedder"), "feature-extraction", embedder
    ),
    "passage_ranker": Recipe(("good/rerank/passage_ranker",), "text-classification", reranker, tokenizer_inputs=2),
}


def make(recipe: Recipe, target: Path) -> None:
    """Build one model and leave its OpenVINO form in ``target``, which is replaced."""
    model, tokenizer = recipe.build()
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as source:
        model.save_pretrained(source)
        tokenizer.save_pretrained(source)
        main_export(
            model_name_or_path=source,
            output=target,
            task=recipe.task,
            library_name="transformers",
            convert_tokenizer=False,
        )
    tokenizer.save_pretrained(target)
    text_to_tokens, tokens_to_text = convert_tokenizer(
        tokenizer, with_detokenizer=True, number_of_inputs=recipe.tokenizer_inputs
    )
    openvino.save_model(text_to_tokens, target / "openvino_tokenizer.xml")
    openvino.save_model(tokens_to_text, target / "openvino_detokenizer.xml")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the tiny generative models of the example graphs.")
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"which ones: {', '.join(RECIPES)} (default: all)")
    parser.add_argument("--into", type=Path, default=GRAPHS, help="folder to write to (default: the project's graphs)")
    arguments = parser.parse_args()
    unknown = set(arguments.models) - set(RECIPES)
    if unknown:
        parser.error(f"no such model: {', '.join(sorted(unknown))}")
    for name in arguments.models or RECIPES:
        recipe = RECIPES[name]
        first, *others = (arguments.into / folder for folder in recipe.folders)
        make(recipe, first)
        for other in others:
            shutil.copytree(first, other, dirs_exist_ok=True)
        print(f"{name}: {sum(file.stat().st_size for file in first.iterdir()):,} bytes in {', '.join(recipe.folders)}")


if __name__ == "__main__":
    main()
