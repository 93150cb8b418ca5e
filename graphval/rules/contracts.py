"""The contracts of calculators, those that settings declare included."""

from __future__ import annotations

from collections.abc import Mapping

from graphval.catalog import Calculator, Catalog
from graphval.graph import Node
from graphval.rules.declared import declared_contract
from graphval.settings import DeclaredCalculator


class Contracts:
    """What a release and the settings tell of calculators, looked up by their nodes."""

    def __init__(self, catalog: Catalog, declared: Mapping[str, DeclaredCalculator]) -> None:
        self._catalog = catalog
        self._declared = declared
        self._of: dict[str, Calculator | None] = {}

    def of(self, node: Node) -> Calculator | None:
        """The contract of the node's calculator, or ``None`` where it is not registered or nothing is known of it."""
        if node.calculator not in self._of:
            self._of[node.calculator] = self._find(node)
        return self._of[node.calculator]

    def declared(self, node: Node) -> DeclaredCalculator | None:
        """What the settings say about the node's calculator, which no release has."""
        if not self._declared:
            return None
        name = node.registered_as
        return self._declared.get(name) if name not in self._catalog.registered else None

    def registered_name(self, node: Node) -> str | None:
        """The registered name that MediaPipe finds for a node's calculator; ``None`` if it finds none.

        A leading dot forces the global name; with a package, names inside it are tried first, but OVMS registers none
        inside a package (MediaPipe ``framework/deps/registration.h``).
        """
        name = node.registered_as
        return name if name in self._catalog.registered or name in self._declared else None

    def _find(self, node: Node) -> Calculator | None:
        declared = self.declared(node)
        if declared is not None:
            return declared_contract(declared)
        return self._catalog.calculator(node.registered_as)


__all__ = ["Contracts"]
