"""Ask a server what it can run: start it with nothing to serve, and read what it lists."""

from __future__ import annotations

import json

from graphval.catalog.captured import Captured, NothingListed, read_log
from graphval.deployment import Deployment
from graphval.deployment.model import Kind
from graphval.engines.choose import choose
from graphval.engines.interface import EngineError, Launch, Limits
from graphval.engines.options import EngineOptions
from graphval.engines.workspace import workspace

_SAID = 300


def capture(engine: str, options: EngineOptions, *, release: str | None, looked_for: str, limits: Limits) -> Captured:
    """The names that the engine's server registers. ``release`` overrides the version it tells; ``looked_for`` is the
    release whose image is meant where none is named. Raises :class:`EngineError`."""
    chosen = choose(engine, options, looked_for).engine
    if chosen.build is None:
        raise EngineError(f"the engine {chosen.name} is no build of its own; name one with --image or --binary")
    with workspace() as folder:
        # The server's user must be able to enter it.
        folder.chmod(0o755)
        file = folder / "config.json"
        file.write_text(json.dumps({"model_config_list": []}), encoding="utf-8")
        nothing = Deployment(Kind.CONFIG, str(file), "nothing", ())
        with chosen.start(Launch(nothing), limits) as server:
            if not server.loaded:
                said = (server.stderr() or server.stdout()).strip()[-_SAID:].replace("\n", " ")
                raise EngineError(f"the server did not start ({server.exit() or 'no end of loading'}): {said}")
            try:
                return read_log(server.stdout(), chosen.build, release)
            except NothingListed as why:
                raise EngineError(str(why)) from why
