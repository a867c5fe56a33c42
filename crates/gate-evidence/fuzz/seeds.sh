#!/bin/sh
# Real reports as first inputs; the byte in front of each lets the format be recognised.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/coverage_report
find ../../../fixtures/coverage ${GATEWRIGHT_CORPUS:+"$GATEWRIGHT_CORPUS/coverage"} -type f -size -64k ! -name README.md |
  while read -r report; do
    { printf '\377' && cat "$report"; } >"corpus/coverage_report/$(printf '%s' "$report" | cksum | cut -d' ' -f1)"
  done
