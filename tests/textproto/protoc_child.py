"""Runs protobuf's C++ text parser over many files in one process: ``python protoc_child.py JOBS.json``.

``protoc --encode`` reads descriptor 0 and writes descriptor 1; both are pointed at files before each call, which saves
a process per text. The job file holds the descriptor set, the message type and pairs of input and output files; beside
each output ``X`` the messages of the parser go to ``X.err``, and its exit code to ``X.code``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from grpc_tools import protoc


def main(jobs: Path) -> None:
    given = json.loads(jobs.read_text(encoding="utf-8"))
    words = ["protoc", f"--descriptor_set_in={given['descriptors']}", f"--encode={given['type']}", given["file"]]
    for source, target in given["pairs"]:
        for descriptor, name, flags in (
            (0, source, os.O_RDONLY),
            (1, target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (2, f"{target}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        ):
            opened = os.open(name, flags, 0o600)
            os.dup2(opened, descriptor)
            os.close(opened)
        code = protoc.main(words)
        Path(f"{target}.code").write_text(str(code), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
