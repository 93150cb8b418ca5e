"""Sound files to begin with: the project's examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_WRITTEN: dict[str, tuple[str, ...]] = {
    "plugin_config": (
        '{"NUM_STREAMS": "1", "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 4, "ENABLE_MMAP": true}',
        '{"DEVICE_PROPERTIES": {"NPU": {"MAX_PROMPT_LEN": 256, "NPUW_LLM": "x"}}, "prompt_lookup": true}',
    ),
    "settings": (
        """
profile = "strict"
select = ["GV2", "GV501"]
ovms-version = "2026.3"
[severity]
GV2 = "info"
[calculators.BlurCalculator]
options = "acme.Blur"
inputs = ["IMAGE", "MASK?"]
""",
        '[project]\nname = "x"\n[tool.graphval]\nfail-on = "warning"\nbaseline = "known.json"\nno-models = true\n',
        'tool.graphval = { severity = { GV501 = "error" }, ignore = [] }\n',
    ),
    "baseline": (
        '{"schema": "graphval.baseline/1",\n"findings": [{"code": "GV203", "graph": "g", "text": "in", "count": 2}]}',
    ),
}
"""What no example holds."""
_KINDS = {
    "text": ("graphs/*/*/**/*.pbtxt",),
    "graph": ("graphs/*/*/**/*.pbtxt",),
    "config": ("graphs/*/*/config.json",),
    "subconfig": ("graphs/*/*/**/subconfig.json", "graphs/*/*/config.json"),
    "handler": ("graphs/*/*/**/*.py",),
    "model_json": ("graphs/*/*/**/*config.json",),
}


@cache
def seeds(subject: str) -> list[bytes]:
    """Files of the kind that a subject takes; never none."""
    if subject in _WRITTEN:
        return [text.encode() for text in _WRITTEN[subject]]
    found = sorted({file for pattern in _KINDS[subject] for file in ROOT.glob(pattern)})
    return [file.read_bytes() for file in found if file.stat().st_size < 20_000]
