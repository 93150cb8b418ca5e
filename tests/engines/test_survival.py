"""What every engine must survive: whatever a deployment does, it is told rightly, and nothing is left of it."""

from __future__ import annotations

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graphval.deployment import Deployment
from graphval.engines.interface import Engine, Exit, Launch, Limits, Server
from graphval.kserve import messages
from graphval.probe.client import Answer, KServeClient

from . import deployments
from .deployments import alone, deploy, handler
from .traces import wait_until

LIMITS = Limits(load=90.0, stop=10.0)
PATIENCE = 30.0
ABORTED = Exit(134, "SIGABRT")


def request(graph: str, name: str = "in") -> messages.ModelInferRequest:
    made = messages.ModelInferRequest(model_name=graph)
    made.inputs.add(name=name, datatype="FP32", shape=[1])
    made.raw_input_contents.append(b"\0\0\0\0")
    return made


def ask(server: Server, graph: str, seconds: float = PATIENCE) -> Answer:
    with KServeClient(server.grpc) as client:
        return client.infer(request(graph), seconds)


def ready(server: Server, graph: str) -> bool:
    with KServeClient(server.grpc) as client:
        answer = client.model_ready(graph, PATIENCE)
    return answer.ok and bool(answer.response.ready)


def listens(address: str) -> bool:
    """Whether somebody accepts connections there. What became of a network that is gone depends on the machine's
    routes, so only loopback is asked about the past."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 2.0).close()
    except OSError:
        return False
    return True


def launched(engine: Engine, deployment: Deployment, limits: Limits = LIMITS) -> tuple[bool, Exit | None, str, str]:
    """Whether it loaded, how it ended (if it did), and what it said on both streams."""
    with engine.start(Launch(deployment), limits) as server:
        return server.loaded, server.exit(), server.stdout(), server.stderr()


def test_it_serves_and_goes(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"one": deployments.PASS_THROUGH, "two": deployments.PASS_THROUGH})
    with engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded
        assert server.exit() is None
        assert ready(server, "one")
        assert ask(server, "two").ok
        addresses = [address for address in (server.grpc, server.rest) if address is not None]
        # A container has an address of its own, in a network that reaches this machine only.
        assert all(ipaddress.ip_address(address.rpartition(":")[0]).is_private for address in addresses)
        assert all(map(listens, addresses))
        assert "ServableManagerModule started" in server.stdout()
    assert server.exit() is not None
    assert not any(listens(address) for address in addresses if address.startswith("127."))


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("kind", ["directory", "file", "config"])
def test_each_kind_of_deployment(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, relative: bool
) -> None:
    from graphval.deployment import discover

    monkeypatch.chdir(tmp_path)
    deploy(tmp_path / "d", {"g": deployments.PASS_THROUGH})
    path = Path("d") / {"directory": "g", "file": "g/graph.pbtxt", "config": "config.json"}[kind]
    deployment = discover([path if relative else tmp_path / path])[0]
    with engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded, server.stdout()
        assert ask(server, deployment.graphs[0].name).ok


def test_graphs_that_are_left_out(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"kills": deployments.POOLED, "good": deployments.PASS_THROUGH})
    with engine.start(Launch(deployment, without=frozenset({"kills"})), LIMITS) as server:
        assert server.loaded
        assert ready(server, "good")
        assert not ready(server, "kills")


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_exception_while_it_is_used(engine: Engine, tmp_path: Path, failure: type[BaseException]) -> None:
    deployment = alone(tmp_path / "g", deployments.PASS_THROUGH)
    addresses: list[str] = []

    def use() -> None:
        with engine.start(Launch(deployment), LIMITS) as server:
            addresses.append(server.grpc)
            raise failure

    with pytest.raises(failure):
        use()
    assert not any(listens(address) for address in addresses if address.startswith("127."))


def test_a_graph_alone_that_is_refused(engine: Engine, tmp_path: Path) -> None:
    loaded, end, stdout, _ = launched(engine, alone(tmp_path / "g", deployments.REFUSED))
    assert not loaded
    assert end == Exit(1)
    assert "NoSuchCalculator" in stdout


def test_a_graph_among_others_that_is_refused(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"bad": deployments.REFUSED, "good": deployments.PASS_THROUGH})
    with engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded
        assert ready(server, "good")
        assert not ready(server, "bad")


def test_an_abort_at_load(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"g": deployments.POOLED})
    loaded, end, _, stderr = launched(engine, deployment)
    assert not loaded
    assert end == ABORTED
    assert 'Check failed: id.IsValid() stream "LOOP:1" is not found.' in stderr


def test_a_memory_fault_at_load(engine: Engine, tmp_path: Path) -> None:
    loaded, end, _, _ = launched(engine, deploy(tmp_path / "d", {"g": deployments.SILENT}))
    assert not loaded
    assert end == Exit(139, "SIGSEGV")


def test_an_abort_at_a_request(engine: Engine, tmp_path: Path) -> None:
    with engine.start(Launch(deploy(tmp_path / "d", {"g": deployments.SYNC_SET})), LIMITS) as server:
        assert server.loaded
        assert ask(server, "g").lost
        assert server.wait(PATIENCE) == ABORTED
        assert 'stream "LOOP:1" is not found.' in server.stderr()


def test_a_request_that_never_ends(engine: Engine, tmp_path: Path) -> None:
    with engine.start(Launch(deploy(tmp_path / "d", {"g": deployments.HANGS})), LIMITS) as server:
        assert ask(server, "g", 1.0).timed_out
        assert server.exit() is None
    assert server.exit() is not None


def test_a_load_that_never_ends(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"g": handler(initialize="print('here', flush=True)\ntime.sleep(1000)")})
    with engine.start(Launch(deployment), Limits(load=8.0, stop=0.5)) as server:
        assert not server.loaded
        assert server.exit() is None
    assert server.exit() is not None


def test_too_much_memory(engine: Engine, tmp_path: Path) -> None:
    greedy = handler(execute="held = []\nwhile True:\n    held.append(bytearray(b'x') * (1 << 24))")
    limits = Limits(load=90.0, stop=10.0, memory_mib=1024)
    with engine.start(Launch(deploy(tmp_path / "d", {"g": greedy})), limits) as server:
        assert server.loaded
        answer = ask(server, "g")
        assert not answer.ok
        end = server.wait(PATIENCE if answer.lost else 0.1)
    # Python tells its own code that there is no more; the kernel tells nobody.
    assert "MemoryError" in answer.text + server.stderr() or (end is not None and "memory" in end.limit)


def test_what_its_code_starts_goes_with_it(engine: Engine, tmp_path: Path, traces: Path) -> None:
    starts = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'], start_new_session=True)"
    with engine.start(Launch(deploy(tmp_path / "d", {"g": handler(initialize=starts)})), LIMITS) as server:
        assert server.loaded, server.stdout() + server.stderr()


def test_a_flood_of_words(engine: Engine, tmp_path: Path) -> None:
    flood = "for _ in range(64):\n    sys.stdout.write('x' * (1 << 20))\nsys.stdout.write('\\nafter all\\n')"
    with engine.start(Launch(deploy(tmp_path / "d", {"g": handler(execute=flood)})), LIMITS) as server:
        assert ask(server, "g").ok
        wait_until("the last words", lambda: "after all" in server.stdout())
        assert "ServableManagerModule started" in server.stdout()
        assert len(server.stdout()) < 33 << 20


def test_secrets_stay_outside(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "API_KEY", "SOME_TOKEN"):
        monkeypatch.setenv(name, "a secret of ours")
    shows = handler(initialize="print('it sees', dict(os.environ), flush=True)")
    loaded, _, stdout, stderr = launched(engine, deploy(tmp_path / "d", {"g": shows}))
    assert loaded
    assert "it sees" in stdout
    assert "a secret of ours" not in stdout + stderr


def test_what_it_is_given_reaches_it(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"g": deployments.POOLED})
    with engine.start(Launch(deployment, environment={"OVMS_GRAPH_QUEUE_OFF": "1"}), LIMITS) as server:
        assert server.loaded


def test_many_at_once(engine: Engine, tmp_path: Path) -> None:
    def run(number: int) -> str:
        name = f"graph{number}"
        deployment = deploy(tmp_path / name, {name: deployments.PASS_THROUGH})
        with engine.start(Launch(deployment), LIMITS) as server:
            assert server.loaded
            assert ask(server, name).ok
            assert not ready(server, f"graph{number + 1}")
            return server.grpc

    with ThreadPoolExecutor(4) as pool:
        addresses = list(pool.map(run, range(8)))
    assert len(addresses) == 8


def test_the_deployment_is_as_before(engine: Engine, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"g": deployments.PASS_THROUGH, "bad": deployments.REFUSED})

    def state() -> list[tuple[Path, bytes, int]]:
        files = (path for path in sorted((tmp_path / "d").rglob("*")) if path.is_file())
        return [(path, path.read_bytes(), path.stat().st_mtime_ns) for path in files]

    before = state()
    launched(engine, deployment)
    with engine.start(Launch(deployment, without=frozenset({"bad"})), LIMITS):
        pass
    assert state() == before
