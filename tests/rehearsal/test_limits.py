"""What user code may not do in a rehearsal: reach the network, eat all memory, fill the disk, outlive its server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from graphval.rehearsal.limits import NATIVE_STACK, PYTHON_STACK
from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import PASS_THROUGH, python_node

GRAPH = 'input_stream: "OVMS_PY_TENSOR:in"\noutput_stream: "OVMS_PY_TENSOR:out"\n' + python_node(
    'input_stream: "INPUT:in" output_stream: "OUTPUT:out"'
)
HANDLER = """
import os, socket, subprocess, time
from pyovms import Tensor

class OvmsPythonModel:
    def execute(self, inputs):
        {body}
        return [Tensor("out", str(result).encode())]
"""
X = np.zeros((1,), np.float32)


def handler(*lines: str) -> dict[str, str]:
    return {"graph.pbtxt": GRAPH, "model.py": HANDLER.format(body="\n        ".join(lines))}


def test_a_server_without_network_answers_on_both_ports(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH}, flags=["--rehearsal_no_network"])
    for _ in range(3):
        assert server.infer("g", {"in": X})["out"].shape == (1,)
    assert server.rest("/v2/health/ready") == (200, None)
    assert server.terminate() == 0


def test_a_handler_reaches_nobody(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = serve(
            {
                "g": handler(
                    "try:",
                    f"    socket.create_connection(('127.0.0.1', {port}), 2)",
                    "    result = 'connected'",
                    "except OSError as error:",
                    "    result = type(error).__name__",
                )
            },
            flags=["--rehearsal_no_network"],
        )
        if "may not have a network of its own" in server.stdout:
            assert bytes(server.infer("g", {"in": X})["out"]) == b"connected"
        else:
            assert bytes(server.infer("g", {"in": X})["out"]) == b"ConnectionRefusedError"


def test_memory_beyond_the_limit_fails_the_request_and_not_the_server(serve: Serve) -> None:
    server = serve({"g": handler("result = len(bytearray(3 << 30))")}, flags=["--rehearsal_memory_mib", "1024"])
    code, text = server.refusal("g", {"in": X})
    assert (code, "Error occurred during graph execution" in text) == ("INVALID_ARGUMENT", True)
    assert "MemoryError" in server.stderr
    assert server.rest("/v2/health/ready") == (200, None)


def test_cpu_time_beyond_the_limit_ends_the_server(serve: Serve) -> None:
    server = serve({"g": handler("while True:", "    result = 0")}, flags=["--rehearsal_cpu_seconds", "4"])
    assert server.refusal("g", {"in": X})[0] in ("UNAVAILABLE", "CANCELLED")
    assert server.exit_code() in (-signal.SIGXCPU, -signal.SIGKILL)


def in_a_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_handler_cannot_fork_without_end() -> None:
    # Limits on processes do not bind the administrator, so that the test becomes a user of whom there is none.
    assert (
        in_a_process(
            """
import os, resource, time
from graphval.rehearsal import limits
if os.getuid() == 0:
    os.setgid(58213), os.setuid(58213)
limits.MORE_TASKS = 6
limits.limit_process(0, 0)
made = []
try:
    while len(made) < 50:
        made.append(os.fork())
        if made[-1] == 0:
            time.sleep(30)
            os._exit(0)
except BlockingIOError:
    print("refused after some" if 0 < len(made) <= 12 else len(made))
finally:
    for child in made:
        os.kill(child, 9)
"""
        )
        == "refused after some"
    )


def test_unused_stacks_do_not_eat_the_memory() -> None:
    stack = in_a_process(
        """
import ctypes, threading
from graphval.rehearsal import limits
limits.limit_process(0, 0)
libc = ctypes.CDLL(None)
attributes, size = ctypes.create_string_buffer(128), ctypes.c_size_t()
libc.pthread_getattr_default_np(attributes)
libc.pthread_attr_getstacksize(attributes, ctypes.byref(size))
print(size.value, threading.stack_size())
"""
    )
    assert stack == f"{NATIVE_STACK} {PYTHON_STACK}"


def test_a_file_cannot_grow_without_end(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "large"
    server = serve(
        {
            "g": handler(
                f"file = open({str(file)!r}, 'wb')",
                "file.seek((1 << 30) + 1)",
                "try:",
                "    file.write(b'x'); file.flush(); result = 'written'",
                "except OSError as error:",
                "    result = error.errno",
            )
        }
    )
    assert bytes(server.infer("g", {"in": X})["out"]) == b"27"


def test_processes_of_a_handler_end_with_their_server(serve: Serve, tmp_path: Path) -> None:
    from graphval.deployment import load
    from graphval.engines.interface import Launch, Limits
    from graphval.engines.rehearsal import RehearsalEngine

    note = tmp_path / "child"
    place = tmp_path / "deployment" / "g"
    place.mkdir(parents=True)
    files = handler(
        "child = subprocess.Popen(['sleep', '600'])",
        f"open({str(note)!r}, 'w').write(str(child.pid) + ' ' + os.environ['HOME'])",
        "result = child.pid",
    )
    files["model.py"] = (
        files["model.py"]
        .replace("def execute(self, inputs)", "def initialize(self, kwargs)")
        .replace('return [Tensor("out", str(result).encode())]', "\n    def execute(self, inputs): return inputs")
    )
    for name, text in files.items():
        (place / name).write_text(text)
    with RehearsalEngine().start(Launch(load(place)), Limits()) as server:
        assert server.loaded
    pid, home = note.read_text().split()
    assert not Path(home).exists()
    assert home != os.environ.get("HOME")
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "a child of the handler lives on"
        time.sleep(0.05)
