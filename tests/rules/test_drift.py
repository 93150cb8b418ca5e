"""Names that another release has: the advice says which, and what to do."""

from __future__ import annotations

import pytest

from .judging import judged

LLM = "LLMCalculatorOptions"
EMBEDDINGS = "EmbeddingsCalculatorOVOptions"


def advice(options: str, line: str, release: str) -> list[tuple[str, str]]:
    graph = judged(
        'input_stream: "in"\noutput_stream: "out"\nnode {\n  calculator: "PassThroughCalculator"\n'
        '  input_stream: "in"\n  output_stream: "out"\n'
        f'  node_options: {{ [type.googleapis.com/mediapipe.{options}]: {{ models_path: "m" {line} }} }}\n}}\n',
        release=release,
        no_models=True,
    )
    return [(f.code, f.help) for f in graph.findings if f.code in ("GV120", "GV122", "GV126")]


@pytest.mark.parametrize(
    ("options", "line", "release", "code", "words"),
    [
        (LLM, "block_size: 32", "2026.4", "GV120", "was removed in 2025.0; delete it"),
        (LLM, "draft_eagle3_mode: true", "2025.4.1", "GV120", "was added in 2026.0"),
        (LLM, 'response_parser: "phi4"', "2026.4", "GV120", "use tool_parser and reasoning_parser instead"),
        (LLM, 'response_parser: "phi4"', "2025.1", "GV120", "was added in 2025.2.1"),
        (EMBEDDINGS, "mean_pooling: true", "2025.3", "GV120", "use pooling"),
        (EMBEDDINGS, "pooling: MEAN", "2025.3", "GV122", "value MEAN of pooling needs 2025.4.1 or later"),
        (LLM, "pipeline_type: OMNI", "2026.2.1", "GV122", "value OMNI of pipeline_type needs 2026.3 or later"),
        (EMBEDDINGS, "", "2025.1", "GV126", "does not exist before 2025.2.1"),
        ("RerankCalculatorOptions", "", "2026.4", "GV126", "was removed in 2026.2.1"),
    ],
)
def test_what_changed_is_what_is_advised(options: str, line: str, release: str, code: str, words: str) -> None:
    [(found, help_text)] = advice(options, line, release)
    assert found == code
    assert words in help_text


@pytest.mark.parametrize(
    ("line", "words"),
    [("max_num_seq: 4", "did you mean max_num_seqs?"), ("pipeline_type: MLM", ""), ("xyzzy: 1", "")],
)
def test_what_no_release_has_is_a_misspelling(line: str, words: str) -> None:
    [(_, help_text)] = advice(LLM, line, "2026.4")
    assert words in help_text
    assert "removed" not in help_text
    assert "added" not in help_text
