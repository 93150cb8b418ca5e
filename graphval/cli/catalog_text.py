"""A catalog as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graphval.catalog import Calculator, Catalog, Port, UnknownRelease, load
from graphval.catalog.captured import CapturedCatalog, kept
from graphval.textproto.nearest import nearest


def shown(name: str | None, release: str | None, image: str | None = None, binary: str | None = None) -> str:
    """All names, or what is known of one. ``image`` and ``binary`` choose what was captured of them.

    Raises :class:`UnknownRelease` for what there is no catalog of, :class:`~graphval.engines.interface.EngineError` for
    an image or executable that is not here.
    """
    catalog = load(release) if image is None and binary is None else _captured(release, image, binary)
    return _all(catalog) if name is None else _one(catalog, name)


def _captured(release: str | None, image: str | None, binary: str | None) -> Catalog:
    from graphval.engines.choose import choose
    from graphval.engines.options import EngineOptions, Pull

    options = EngineOptions(image=image, binary=binary)
    engine = choose(options=replace(options, pull=Pull.NEVER), release=load(release).version).engine
    found = kept(engine.build or "")
    if found is None:
        what = f"--image {image}" if image is not None else f"--binary {binary}"
        raise UnknownRelease(f"nothing was captured of it yet: graphval catalog capture {what}")
    return CapturedCatalog(found)


def _all(catalog: Catalog) -> str:
    origin = f", as {catalog.captured.source} lists it" if isinstance(catalog, CapturedCatalog) else ""
    lines = [f"OVMS {catalog.version}{origin}"]
    for title, names in (
        ("calculators", catalog.calculators),
        ("subgraphs", catalog.subgraphs),
        ("input stream handlers", catalog.input_stream_handlers),
        ("output stream handlers", catalog.output_stream_handlers),
    ):
        lines += ["", f"{title} ({len(names)})", *(f"  {name}" for name in sorted(names))]
    return "\n".join(lines)


def _one(catalog: Catalog, name: str) -> str:
    if name in catalog.calculators | catalog.subgraphs:
        contract = catalog.calculator(name)
        if contract is None:
            return f"{name}\n  registered; its contract is not known"
        return "\n".join(_contract(contract))
    handler = catalog.handler(name)
    if handler is not None:
        options = [f"  options: {handler.options_message}"] if handler.options_message else []
        return "\n".join([f"{name} (input stream handler)", *options, f"  {handler.semantics}"])
    if name in catalog.output_stream_handlers:
        return f"{name} (output stream handler)"
    raise UnknownRelease(f"OVMS {catalog.version} has no {name}; {_what_next(catalog, name)}")


def _what_next(catalog: Catalog, name: str) -> str:
    kinds = (catalog.calculators | catalog.subgraphs, catalog.input_stream_handlers, catalog.output_stream_handlers)
    near = nearest(name, [known for kind in kinds for known in kind], 0.7)
    return f"did you mean {near}?" if near else "graphval catalog show lists what it has"


def _contract(contract: Calculator) -> Iterable[str]:
    yield f"{contract.name} ({contract.kind})"
    for title, ports in (
        ("input streams", contract.inputs),
        ("output streams", contract.outputs),
        ("input side packets", contract.input_side_packets),
        ("output side packets", contract.output_side_packets),
    ):
        if ports:
            yield f"  {title}"
            yield from (f"    {_port(port)}" for port in ports)
    if contract.options_message:
        yield f"  options: {contract.options_message}{' (required)' if contract.options_required else ''}"
        if contract.options_required_fields:
            yield f"    must have {' and '.join(contract.options_required_fields)}"
    for title, texts in (
        ("at load", contract.contract_rules),
        ("at the first request, when it opens", contract.open_checks),
        ("at a request, when packets come", contract.process_checks),
        ("ends the process", contract.aborts),
        ("looks up the models", contract.required_servables),
        ("consists of", contract.expands_to),
    ):
        if texts:
            yield f"  {title}"
            yield from (f"    {text}" for text in texts)


def _port(port: Port) -> str:
    tag = {"": "(untagged)", "*": "(any tag)"}.get(port.tag, port.tag)
    many = "" if port.indexes == "single" else f" [{port.indexes}]"
    return f"{tag}{many}: {port.type}{', optional' if port.optional else ''}"
