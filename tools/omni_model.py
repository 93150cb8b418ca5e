"""A tiny Qwen3-Omni with random weights: it reads text, looks at images, hears sounds and speaks.

Part of ``make_genai_models.py``, which exports it; a file of its own because such a model is ten models in one.
"""

from __future__ import annotations

import torch
from transformers import GenerationConfig, PreTrainedTokenizerFast
from transformers.models.qwen3_omni_moe.configuration_qwen3_omni_moe import Qwen3OmniMoeConfig
from transformers.models.qwen3_omni_moe.modeling_qwen3_omni_moe import Qwen3OmniMoeForConditionalGeneration

SPECIAL = [
    "<|audio_pad|>", "<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>", "<|audio_start|>",
    "<|audio_end|>", "<|im_start|>", "<|im_end|>", "<|tts_pad|>", "<|tts_bos|>", "<|tts_eos|>",
]  # fmt: skip
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
PREPROCESSOR = {
    "image_processor_type": "Qwen2VLImageProcessor", "patch_size": 14, "merge_size": 2, "temporal_patch_size": 2,
    "min_pixels": 784, "max_pixels": 12544, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
    "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 128, "n_fft": 400, "hop_length": 160,
    "sampling_rate": 16000, "chunk_length": 30, "n_samples": 480000, "nb_max_frames": 3000, "padding_value": 0.0,
}  # fmt: skip
WIDTH = 32
CONTEXT = 512
CODES = 64
# OpenVINO GenAI lets the talker choose nothing among its last 1024 tokens but the end. Where it can choose among eight
# others, the end soon comes by chance.
TALKER_VOCABULARY = 8 + 1024
GROUPS = 4
PAD, BOS, EOS = range(3)


def omni(tokenizer: PreTrainedTokenizerFast) -> Qwen3OmniMoeForConditionalGeneration:
    """The model; ``tokenizer`` gets the special tokens and the chat template that belong to it."""
    tokenizer.add_special_tokens({"additional_special_tokens": SPECIAL})
    tokenizer.chat_template = TEMPLATE
    number = {token: tokenizer.convert_tokens_to_ids(token) for token in SPECIAL}
    media = {f"{kind}_token_id": number[f"<|{kind}_pad|>"] for kind in ("audio", "image", "video")}
    # A role is known by the first token of its name.
    roles = {f"{role}_token_id": tokenizer.convert_tokens_to_ids(role[0]) for role in ("system", "user", "assistant")}
    layers = {
        "hidden_size": WIDTH,
        "intermediate_size": 32,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "max_position_embeddings": CONTEXT,
        "initializer_range": 0.3,
    }
    text = {
        **layers,
        "num_hidden_layers": 2,
        "moe_intermediate_size": 16,
        "num_experts_per_tok": 1,
        "num_experts": 2,
        "rope_parameters": {
            "rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 1, 1], "interleaved": True,
        },
        "pad_token_id": PAD, "bos_token_id": BOS, "eos_token_id": EOS,
    }  # fmt: skip
    rope = {"rope_type": "default", "rope_theta": 10000.0}
    thinker = {
        "audio_config": {
            "encoder_layers": 1,
            "encoder_attention_heads": 2,
            "encoder_ffn_dim": 32,
            "d_model": 16,
            "n_window": 50,
            "output_dim": WIDTH,
            "downsample_hidden_size": 8,
        },
        "vision_config": {
            "depth": 2,
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_heads": 2,
            "patch_size": 14,
            "out_hidden_size": WIDTH,
            "num_position_embeddings": 16,
            "deepstack_visual_indexes": [0],
        },
        "text_config": {**text, "vocab_size": len(tokenizer)},
        "audio_start_token_id": number["<|audio_start|>"],
        "user_token_id": roles["user_token_id"],
        **media,
    }
    steering = ("codec_eos_token_id", "codec_nothink_id", "codec_think_bos_id", "codec_think_eos_id", "codec_pad_id",
                "codec_bos_id")  # fmt: skip
    talker = {
        "code_predictor_config": {
            **layers,
            "vocab_size": CODES,
            "num_hidden_layers": 1,
            "num_code_groups": GROUPS,
            "rope_parameters": rope,
        },
        "text_config": {**text, "vocab_size": TALKER_VOCABULARY, "shared_expert_intermediate_size": 16},
        "num_code_groups": GROUPS,
        "spatial_merge_size": 2,
        "thinker_hidden_size": WIDTH,
        "accept_hidden_layer": 1,
        "vision_start_token_id": number["<|vision_start|>"],
        "audio_start_token_id": number["<|audio_start|>"],
        "speaker_id": {"anna": TALKER_VOCABULARY - 2, "otto": TALKER_VOCABULARY - 1},
        **{name: TALKER_VOCABULARY - 3 - place for place, name in enumerate(steering)},
        **media,
    }
    vocoder = {
        "codebook_size": CODES,
        "hidden_size": 16,
        "max_position_embeddings": CONTEXT,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "sliding_window": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_quantizers": GROUPS,
        "upsample_rates": [2, 2, 2, 2],
        "upsampling_ratios": [2, 2],
        "decoder_dim": 32,
        "rope_parameters": rope,
    }
    config = Qwen3OmniMoeConfig(
        thinker_config=thinker,
        talker_config=talker,
        code2wav_config=vocoder,
        **{f"{token}_token_id": number[f"<|{token}|>"]
           for token in ("im_start", "im_end", "tts_pad", "tts_bos", "tts_eos")},
        **roles,
    )  # fmt: skip
    torch.manual_seed(31)
    model = Qwen3OmniMoeForConditionalGeneration(config).eval()
    with torch.no_grad():
        # The experts are not initialised by the library.
        for name, weights in model.named_parameters():
            if "experts" in name:
                weights.normal_(0, 0.2)
        talking = model.talker.codec_head.weight
        talking[config.talker_config.codec_eos_token_id] = 0
        model.thinker.lm_head.weight[:3] = 0
        model.thinker.lm_head.weight[list(number.values())] = 0
        model.thinker.lm_head.weight[tokenizer.convert_tokens_to_ids(list("abcdefghijklmnopqrstuvwxyz"))] *= 8
    model.generation_config = GenerationConfig(pad_token_id=PAD, bos_token_id=BOS, eos_token_id=EOS)
    return model
