"""Roll out only what passes: check a deployment, then hand over to the command that deploys.

    python examples/gate_rollout.py deploy/ -- kubectl rollout restart deployment/model-server
    python examples/gate_rollout.py deploy/ -- docker restart model-server

The command is run only if graphval passes the deployment; its exit code is then this script's. Otherwise the findings
are written to rollout-report.html and the exit code is 1; it is 2 where the paths hold nothing that can be judged.
"""

from __future__ import annotations

import subprocess
import sys

import graphval
from graphval.deployment import InputError


def main(words: list[str]) -> int:
    """Check what stands before ``--``, run what stands behind it."""
    if "--" not in words:
        print(__doc__, file=sys.stderr)
        return 2
    at = words.index("--")
    paths, command = words[:at], words[at + 1 :]
    try:
        report = graphval.check(paths, engine="auto")
    except InputError as why:
        print(f"not rolled out: {why}", file=sys.stderr)
        return 2
    for graph in report.graphs:
        print(f"{graph.name}: {graph.verdict.value}, reached {graph.reached.value}")
    if report.verdict is not graphval.Verdict.PASS:
        # Inconclusive is not pass: what nobody has shown is not rolled out.
        graphval.write_report(report, "html", "rollout-report.html")
        print("not rolled out; see rollout-report.html", file=sys.stderr)
        return 1
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
