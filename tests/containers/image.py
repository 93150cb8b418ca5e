"""A container image made on the spot: this Python, what the rehearsal imports, and the rehearsal as entry point.

It takes OVMS's command line, as the real image does, so that engines can be tried without it. It proves how a container
is started, watched and removed; it proves nothing about OVMS.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "absl", "google", "grpc", "mediapipe", "mediapipe.libs", "numpy", "numpy.libs", "openvino", "openvino_genai",
    "openvino_tokenizers", "openvino_telemetry",
)  # fmt: skip
_LEFT_OUT = (
    "site-packages",
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "ensurepip",
    "lib2to3",
    ".a",
)
USER = "5000:5000"
OF_FOLDER = "graphval-test.folder"
"""The label that names the project's folder an image was made of."""
HOME = Path("/opt/graphval-test")
"""Where the project lies in the image; its own folder here may be one that a container covers."""
FOLDERS = (*map(Path, ("/tmp", "/etc", "/proc", "/sys", "/dev")), HOME.parent, HOME, HOME / "graphval")
"""What a container needs, or what is open to its user only if it is said: an entry of their own each."""


def build(program: str) -> str:
    """Import the image with this container program; returns its name. One that is already there is taken.

    Those of earlier states of this project's folder are removed, unless a container still runs on them.
    """
    if Path("/tmp") in ROOT.parents:
        raise RuntimeError(f"{ROOT} lies below /tmp, which a hardened container has in memory: move the project")
    name = f"graphval-test:{_fingerprint()}"
    if subprocess.run([program, "image", "inspect", name], capture_output=True, check=False).returncode == 0:
        return name
    entry = [sys.executable, "-m", "graphval.rehearsal"]
    settings = (
        f"ENTRYPOINT {json.dumps(entry)}",
        f"USER {USER}",
        f"ENV PYTHONPATH={HOME}",
        "ENV PYTHONUNBUFFERED=1",
        f"LABEL {OF_FOLDER}={ROOT}",
    )
    words = [program, "import", *(word for setting in settings for word in ("--change", setting)), "-", name]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said: list[bytes] = []
        assert process.stdin is not None
        errors = process.stderr
        assert errors is not None
        reader = Thread(target=lambda: said.append(errors.read()))
        reader.start()
        with process.stdin, tarfile.open(fileobj=process.stdin, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            _write(archive)
        reader.join()
    if process.returncode != 0:
        raise RuntimeError(f"{program} import failed: {said[0].decode()}")
    _remove_earlier(program, name)
    return name


def _remove_earlier(program: str, name: str) -> None:
    ours = ["--filter", f"label={OF_FOLDER}={ROOT}", "--filter", "reference=graphval-test"]
    listed = subprocess.run(
        [program, "image", "ls", *ours, "--format", "{{.Tag}}"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    repository, _, tag = name.partition(":")
    for earlier in set(listed) - {tag}:
        # Refused for an image in use: the next build removes it.
        subprocess.run([program, "image", "rm", f"{repository}:{earlier}"], capture_output=True, check=False)


def _write(archive: tarfile.TarFile) -> None:
    written: set[str] = set()
    libraries: set[Path] = set()

    def add(path: Path) -> None:
        if path.is_relative_to(ROOT / "graphval"):
            archive.add(path, str(HOME / path.relative_to(ROOT)), recursive=False, filter=_open_to_all)
            return
        for part in reversed([path, *path.parents]):
            if str(part) in written or part == Path("/"):
                continue
            written.add(str(part))
            if part.is_symlink():
                # Nothing can be put below a link to a folder that is not there yet.
                add(part.parent / part.readlink())
            archive.add(part, recursive=False, filter=_open_to_all)

    for path in _files():
        add(path)
        if path.is_file() and (path.suffix == ".so" or ".so." in path.name or path == _interpreter()):
            libraries |= _libraries_of(path)
    for library in sorted(libraries):
        add(library)
        add(library.resolve())
    for folder in FOLDERS:
        if str(folder) not in written:
            entry = tarfile.TarInfo(str(folder.relative_to("/")))
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder.name == "tmp" else 0o755
            archive.addfile(entry)


def _interpreter() -> Path:
    return Path(sys.executable).resolve()


def _files() -> Iterator[Path]:
    """Everything the server needs but shared libraries of the system."""
    link = Path(sys.executable)
    yield link
    while link.is_symlink():
        link = link.parent / link.readlink()
        yield link
    yield Path(sys.prefix) / "pyvenv.cfg"
    yield from _below(Path(sysconfig.get_path("stdlib")))
    site = Path(sysconfig.get_path("purelib"))
    for package in PACKAGES:
        if (site / package).exists():
            yield from _below(site / package)
    yield from (path for path in site.glob("*.py") if path.name.startswith("typing_ext"))
    yield from _below(ROOT / "graphval")


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        stale = path.suffix == ".pyc" and not path.name.endswith(f"{sys.implementation.cache_tag}.pyc")
        if not any(part in _LEFT_OUT for part in inside) and path.suffix not in _LEFT_OUT and not stale:
            yield path


def _libraries_of(file: Path) -> set[Path]:
    told = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
    words = (line.split("=>")[-1].split() for line in told.splitlines() if "/" in line)
    found = {Path(parts[0]) for parts in words if parts and parts[0].startswith("/")}
    return {path for path in found if path.exists() and ".venv" not in path.parts and "site-packages" not in path.parts}


def _open_to_all(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mode |= 0o555 if entry.isdir() or entry.mode & 0o100 else 0o444
    return entry


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{sys.executable} {ROOT}".encode())
    for path in [Path(__file__), *sorted((ROOT / "graphval").rglob("*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
