"""What a report may know of a rule: its words, never its check."""

from __future__ import annotations

from typing import Protocol

from graphval.findings import Effect, Phase, Severity


class RuleText(Protocol):
    """Code, name and documentation of a rule. ``doc`` is Markdown, ``summary`` its first line."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def doc(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def phase(self) -> Phase: ...
    @property
    def effect(self) -> Effect: ...
