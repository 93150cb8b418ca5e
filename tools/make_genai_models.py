"""Make the tiny generative models of the example graphs, one of each kind that OVMS serves.

The weights are random, the tokenizers hold a few hundred entries and each model takes about a megabyte at most, so the
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
import json
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
from omni_model import PREPROCESSOR, omni
from openvino_tokenizers import convert_tokenizer
from optimum.exporters.openvino import main_export
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
    GenerationConfig,
    LlamaConfig,
    LlamaForCausalLM,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    SpeechT5Config,
    SpeechT5FeatureExtractor,
    SpeechT5ForTextToSpeech,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperTokenizerFast,
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
    """One model: the folders under ``graphs`` that receive it, and what makes it in a folder."""

    folders: tuple[str, ...]
    make: Callable[[Path], None]


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
    keep it from ending its answer before the token limit, loud ones of letters make what it says readable."""
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
        model.lm_head.weight[tokenizer.convert_tokens_to_ids(list("abcdefghijklmnopqrstuvwxyz"))] *= 8
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


WHISPER_SPECIAL = [
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>",
    "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
]  # fmt: skip


def make_text(
    build: Callable[[], tuple[PreTrainedModel, PreTrainedTokenizerFast]],
    task: str,
    tokenizer_inputs: int = 1,
) -> Callable[[Path], None]:
    """A text model of the exporter's ``task``; ``tokenizer_inputs`` is how many texts one tokenizer call takes (2 for
    query and document)."""

    def make(target: Path) -> None:
        model, tokenizer = build()
        with tempfile.TemporaryDirectory() as source:
            model.save_pretrained(source)
            tokenizer.save_pretrained(source)
            export(source, target, task)
        save_tokenizer(tokenizer, target, tokenizer_inputs)

    return make


def export(source: str, target: Path, task: str, **more: object) -> None:
    main_export(
        model_name_or_path=source,
        output=target,
        task=task,
        library_name="transformers",
        convert_tokenizer=False,
        **more,
    )


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, target: Path, inputs: int = 1) -> None:
    tokenizer.save_pretrained(target)
    text_to_tokens, tokens_to_text = convert_tokenizer(tokenizer, with_detokenizer=True, number_of_inputs=inputs)
    openvino.save_model(text_to_tokens, target / "openvino_tokenizer.xml")
    openvino.save_model(tokens_to_text, target / "openvino_detokenizer.xml")


def whisper_tokenizer() -> WhisperTokenizerFast:
    """Bytes, then the special tokens, then the 1501 time stamps that Whisper's models know."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={entry: number for number, entry in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    end = WHISPER_SPECIAL[0]
    fast = WhisperTokenizerFast(tokenizer_object=tokenizer, unk_token=end, bos_token=end, eos_token=end, pad_token=end)
    fast.add_special_tokens({"additional_special_tokens": WHISPER_SPECIAL[1:]})
    stamps = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
    fast.add_tokens([AddedToken(stamp, special=False, normalized=False) for stamp in stamps])
    return fast


def make_listener(target: Path) -> None:
    """A Whisper of one encoder and two decoder layers that writes printable nonsense until its token limit."""
    tokenizer = whisper_tokenizer()
    number = {token: tokenizer.convert_tokens_to_ids(token) for token in WHISPER_SPECIAL}
    end = number["<|endoftext|>"]
    torch.manual_seed(23)
    config = WhisperConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        num_mel_bins=80,
        max_source_positions=1500,
        max_target_positions=448,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        decoder_start_token_id=number["<|startoftranscript|>"],
        suppress_tokens=None,
        begin_suppress_tokens=None,
        init_std=0.5,
    )
    model = WhisperForConditionalGeneration(config).eval()
    with torch.no_grad():
        # Greedy decoding then neither ends early nor picks a special token.
        model.model.decoder.embed_tokens.weight[end:] *= 0.01
        printable = tokenizer.convert_tokens_to_ids(list("abcdefghijklmnopqrstuvwxyz"))
        model.model.decoder.embed_tokens.weight[printable] *= 4
    settings = model.generation_config
    settings.lang_to_id = {token: number[token] for token in ("<|en|>", "<|de|>")}
    settings.task_to_id = {task: number[f"<|{task}|>"] for task in ("transcribe", "translate")}
    settings.no_timestamps_token_id = number["<|notimestamps|>"]
    settings.prev_sot_token_id = number["<|startofprev|>"]
    settings.decoder_start_token_id = number["<|startoftranscript|>"]
    settings.bos_token_id = settings.eos_token_id = settings.pad_token_id = end
    settings.is_multilingual, settings.return_timestamps = True, False
    settings.max_initial_timestamp_index, settings.max_length = 50, 40
    settings.alignment_heads = [[1, 0], [1, 1]]
    settings.begin_suppress_tokens, settings.suppress_tokens = [end], []
    with tempfile.TemporaryDirectory() as source:
        model.save_pretrained(source)
        tokenizer.save_pretrained(source)
        WhisperFeatureExtractor(feature_size=80).save_pretrained(source)
        export(source, target, "automatic-speech-recognition-with-past")
        # The exporter writes a generation config of its own that has lost the special tokens.
        written = json.loads(Path(source, "generation_config.json").read_text())
    written["_from_model_config"] = False
    (target / "generation_config.json").write_text(json.dumps(written, indent=1) + "\n")
    save_tokenizer(tokenizer, target)


def make_viewer(target: Path) -> None:
    """A LLaVA of two layers each that looks at 28 x 28 pixels in four patches."""
    tokenizer = byte_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    image = tokenizer.convert_tokens_to_ids("<image>")
    torch.manual_seed(26)
    vision = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=28,
        patch_size=14,
        projection_dim=16,
    )
    text = LlamaConfig(
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
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=image,
        image_token_id=image,
        vision_feature_select_strategy="default",
        vision_feature_layer=-2,
        image_seq_length=4,
    )
    model = LlavaForConditionalGeneration(config).eval()
    with torch.no_grad():
        model.lm_head.weight[: len(CHAT_SPECIAL)] = 0
        model.lm_head.weight[image] = 0
        model.lm_head.weight[tokenizer.convert_tokens_to_ids(list("abcdefghijklmnopqrstuvwxyz"))] *= 8
    pixels = CLIPImageProcessor(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    with tempfile.TemporaryDirectory() as source:
        model.save_pretrained(source)
        LlavaProcessor(
            image_processor=pixels,
            tokenizer=tokenizer,
            patch_size=14,
            vision_feature_select_strategy="default",
            chat_template=tokenizer.chat_template,
        ).save_pretrained(source)
        tokenizer.save_pretrained(source)
        export(source, target, "image-text-to-text")
    save_tokenizer(tokenizer, target)
    # OpenVINO GenAI reads the older of the two files that tell how an image is prepared.
    settings = json.loads((target / "processor_config.json").read_text())["image_processor"]
    (target / "preprocessor_config.json").write_text(json.dumps({**settings, "patch_size": 14}, indent=1) + "\n")


def make_companion(target: Path) -> None:
    """A Qwen3-Omni, which is ten models in one; see ``omni_model.py``."""
    tokenizer = byte_tokenizer()
    model = omni(tokenizer)
    with tempfile.TemporaryDirectory() as source:
        model.save_pretrained(source)
        tokenizer.save_pretrained(source)
        Path(source, "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR, indent=1) + "\n")
        export(source, target, "image-text-to-text")
    save_tokenizer(tokenizer, target)


def make_speaker(target: Path) -> None:
    """A SpeechT5 with a vocoder of one block. Its own tokenizer cannot be converted; bytes serve as well."""
    tokenizer = byte_tokenizer()
    tokenizer.chat_template = None
    torch.manual_seed(24)
    config = SpeechT5Config(
        vocab_size=len(tokenizer),
        hidden_size=24,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        num_mel_bins=80,
        speech_decoder_prenet_units=32,
        speech_decoder_prenet_layers=2,
        speech_decoder_postnet_layers=2,
        speech_decoder_postnet_units=32,
        speech_decoder_postnet_kernel=5,
        speaker_embedding_dim=512,
        max_speech_positions=400,
        max_text_positions=100,
        encoder_max_relative_position=16,
        conv_dim=(16,) * 7,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=4,
    )
    vocoder = SpeechT5HifiGanConfig(
        model_in_dim=80,
        upsample_initial_channel=16,
        upsample_rates=[4, 4, 4, 4],
        upsample_kernel_sizes=[8, 8, 8, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3, 5]],
    )
    with tempfile.TemporaryDirectory() as source, tempfile.TemporaryDirectory() as voice:
        SpeechT5ForTextToSpeech(config).eval().save_pretrained(source)
        tokenizer.save_pretrained(source)
        SpeechT5FeatureExtractor().save_pretrained(source)
        SpeechT5HifiGan(vocoder).eval().save_pretrained(voice)
        export(source, target, "text-to-audio-with-past", model_kwargs={"vocoder": voice})
    save_tokenizer(tokenizer, target)


def forget_origin(file: Path) -> None:
    """Take the folder a model was made in out of its settings."""
    document = json.loads(file.read_text())
    if isinstance(document, dict) and document.pop("_name_or_path", None) is not None:
        file.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")


def make_painter(target: Path) -> None:
    """A Stable Diffusion of two blocks that paints 64 x 64 pixels of noise."""
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionPipeline, UNet2DConditionModel

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    entries = alphabet + [f"{entry}</w>" for entry in alphabet] + ["<|startoftext|>", "<|endoftext|>"]
    start, end = len(entries) - 2, len(entries) - 1
    tokenizer = CLIPTokenizer(
        vocab={entry: number for number, entry in enumerate(entries)}, merges=[], model_max_length=77
    )
    torch.manual_seed(25)
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(entries),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=77,
            bos_token_id=start,
            eos_token_id=end,
            pad_token_id=end,
            projection_dim=16,
        )
    )
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(8, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=16,
        attention_head_dim=4,
        norm_num_groups=4,
    )
    autoencoder = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4, 4, 8, 8),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    )
    pipeline = StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=EulerDiscreteScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    with tempfile.TemporaryDirectory() as source:
        pipeline.save_pretrained(source)
        main_export(
            model_name_or_path=source,
            output=target,
            task="text-to-image",
            library_name="diffusers",
            convert_tokenizer=True,
        )
    for file in target.rglob("*.json"):
        forget_origin(file)


RECIPES = {
    "chat_model": Recipe(
        ("good/chat/chat_model", "broken/sync_set_kills_chat/chat_model"),
        make_text(chat, "text-generation-with-past"),
    ),
    "text_embedder": Recipe(
        ("good/embeddings/text_embedder", "broken/option_removed/text_embedder"),
        make_text(embedder, "feature-extraction"),
    ),
    "passage_ranker": Recipe(
        ("good/rerank/passage_ranker",), make_text(reranker, "text-classification", tokenizer_inputs=2)
    ),
    "viewer": Recipe(("good/visual_chat/viewer",), make_viewer),
    "companion": Recipe(("good/omni_chat/companion",), make_companion),
    "listener": Recipe(("good/speech_to_text/listener",), make_listener),
    "speaker": Recipe(("good/text_to_speech/speaker",), make_speaker),
    "painter": Recipe(("good/image_generation/painter",), make_painter),
}


def make(recipe: Recipe, target: Path) -> None:
    """Leave the OpenVINO form of a model in ``target``, which is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    recipe.make(target)


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
        size = sum(file.stat().st_size for file in first.rglob("*") if file.is_file())
        print(f"{name}: {size:,} bytes in {', '.join(recipe.folders)}")


if __name__ == "__main__":
    main()
