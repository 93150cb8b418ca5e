#!/usr/bin/env bash
# The steps of the GitHub Action. Inputs come as environment variables, never as text inside the script, so that nothing
# in them is run: PATHS and OPTIONS (split at blanks), ENGINE, CHANGED_SINCE, SARIF.
# GRAPHVAL_CACHE_DIR and GRAPHVAL_NO_CACHE are read by graphval itself.
set -uo pipefail
read -r -a paths <<<"${PATHS:-.}"
read -r -a options <<<"${OPTIONS:-}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
[ -z "${CHANGED_SINCE:-}" ] || options+=(--changed-since "$CHANGED_SINCE")
graphval check "${paths[@]}" --engine "${ENGINE:-none}" --format github \
  --report "sarif=${SARIF:-graphval.sarif}" --report "markdown=$scratch/summary.md" --report "json=$scratch/report.json" \
  "${options[@]}"
code=$?
[ ! -f "$scratch/summary.md" ] || cat "$scratch/summary.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
verdict=inconclusive
[ ! -f "$scratch/report.json" ] || verdict=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["verdict"])' "$scratch/report.json")
echo "verdict=$verdict" >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
