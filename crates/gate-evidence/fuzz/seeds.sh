#!/bin/sh
# Real reports as first inputs; the byte in front of each lets the format be recognised.
set -eu
cd "$(dirname "$0")"
seed() {
  mkdir -p "corpus/$1"
  find "../../../fixtures/$2" ${GATEWRIGHT_CORPUS:+"$GATEWRIGHT_CORPUS/$2"} -type f -size -64k ! -name README.md |
    while read -r report; do
      { printf '\377' && cat "$report"; } >"corpus/$1/$(printf '%s' "$report" | cksum | cut -d' ' -f1)"
    done
}
seed coverage_report coverage
seed test_report tests
