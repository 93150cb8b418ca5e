"""LoRA adapters of an image generation node: loaded with its model, chosen by a request's ``model``.

Source: OVMS ``src/image_gen/pipelines.cpp``, ``http_image_gen_calculator.cc``, ``image_gen_node_initializer.cpp``
(2026.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphval.rehearsal.genai.options import NodeOptions
from graphval.rehearsal.journal import journal


@dataclass(frozen=True, slots=True)
class Adapters:
    """``switched`` are the adapters that a request can choose, with the strength they have by default, by alias;
    ``blends`` the adapters and strengths that go by one alias together; ``fused`` those that are part of the model.
    ``fixed`` says that nothing can be chosen once the model is compiled."""

    switched: Mapping[str, tuple[Any, float]] = field(default_factory=dict)
    blends: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    fused: tuple[tuple[Any, float], ...] = ()
    fixed: bool = False
    aliases: tuple[str, ...] = ()
    """All names that the node takes beside its graph's own."""

    def properties(self) -> dict[str, Any]:
        """What the model is compiled with. Where both are written, those that can be chosen displace the fused ones."""
        import openvino_genai

        modes = openvino_genai.AdapterConfig.Mode
        if self.switched:
            mode, listed = modes.MODE_STATIC if self.fixed else modes.MODE_AUTO, list(self.switched.values())
        elif self.fused:
            mode, listed = modes.MODE_FUSE, list(self.fused)
        else:
            return {}
        return {"adapters": openvino_genai.AdapterConfig(listed, mode)}

    def chosen(self, model: str, strengths: Mapping[str, float]) -> dict[str, Any]:
        """Generation settings of a request for ``model``; ``strengths`` are its own, by alias."""
        import openvino_genai

        if not self.switched or self.fixed:
            return {}
        config = openvino_genai.AdapterConfig()
        if model in self.blends:
            for alias, strength in self.blends[model]:
                if alias not in self.switched:
                    journal.warning(
                        f"Composite LoRA '{model}' references unknown adapter '{alias}', skipping", "llm_calculator"
                    )
                    continue
                config.add(self.switched[alias][0], strengths.get(alias, strength))
        elif model in self.switched:
            adapter, strength = self.switched[model]
            config.add(adapter, strengths.get(model, strength))
        else:
            for adapter, _ in self.switched.values():
                config.add(adapter, 0.0)
        return {"adapters": config}


def load_adapters(options: NodeOptions) -> Adapters:
    """The adapters that a node's options list. Raises RuntimeError for a file that is none."""
    import openvino_genai

    switched: dict[str, tuple[Any, float]] = {}
    fused: list[tuple[Any, float]] = []
    entries, composites = options["lora_adapters"] or (), options["composite_lora_adapters"] or ()
    fixed = "NPU" in str(options["device"] or "").split()
    for entry in entries:
        mode = entry.DESCRIPTOR.fields_by_name["mode"].enum_type.values_by_number[entry.mode].name
        path = options.resolve(entry.path)
        journal.info(f"Loading LoRA adapter: {entry.alias} from: {path} (mode: {mode})")
        try:
            adapter = openvino_genai.Adapter(path)
        except RuntimeError as error:
            raise RuntimeError(f"Failed to load LoRA adapter '{entry.alias}' from {path}: {error}") from error
        if mode == "FUSE":
            fused.append((adapter, entry.alpha))
        else:
            # Of two with one alias the first is kept.
            switched.setdefault(entry.alias, (adapter, entry.alpha))
        fixed = fixed or mode == "STATIC"
    blends = {blend.alias: tuple((part.adapter_alias, part.alpha) for part in blend.components) for blend in composites}
    aliases = (*(entry.alias for entry in entries), *blends)
    return Adapters(switched, blends, tuple(fused), fixed, aliases)
