"""GV6xx: config.json, subconfigs, names, paths and models, by OVMS's rules for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


_LOOK_MODELS_UP = ("OpenVINOModelServerSessionCalculator", "OpenVINOInferenceCalculator")


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether there is a config.json or subconfig, or a node that looks a model up, inside a subgraph too."""
    if deployment.deployment.documents or deployment.deployment.models:
        return True
    if not seen.calculators.isdisjoint(_LOOK_MODELS_UP):
        return True
    subgraphs = deployment.catalog.subgraphs
    if seen.calculators.isdisjoint(subgraphs):
        return False
    contracts = map(deployment.catalog.calculator, seen.calculators & subgraphs)
    return any(contract is not None and contract.required_servables for contract in contracts)
