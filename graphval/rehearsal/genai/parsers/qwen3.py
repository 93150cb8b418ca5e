"""Qwen 3: reasoning between ``<think>`` and ``</think>``; a prompt may have opened it already.

Source: OVMS ``src/llm/io_processing/qwen3/reasoning_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.delta import Reasoning
from graphval.rehearsal.genai.parsers.interface import ReasoningParser

REASONING = ReasoningParser({"<think>": Reasoning}, ("</think>",))
