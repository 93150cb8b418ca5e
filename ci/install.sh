#!/usr/bin/env bash
# Installs graphval from this checkout, with what the engine asked for needs, pinned.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
if [ "${ENGINE:-none}" = none ]; then
  python3 -m pip install --quiet "$here"
else
  python3 -m pip install --quiet --requirement "$here/requirements/run.txt"
  python3 -m pip install --quiet --no-deps --no-build-isolation "$here"
fi
