#!/usr/bin/env bash
# Finds the gatewright binary that belongs to this commit and names it in GITHUB_OUTPUT. README.md beside it says how.
set -euo pipefail
fail() { printf '::error title=Gatewright::%s\n' "$1" && exit 2; }
found() { printf 'binary=%s\n' "$1" >>"$GITHUB_OUTPUT" && exit 0; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi <"$1" | cut -d ' ' -f 1; }
download() {
  if command -v curl >/dev/null; then curl -fsSL --proto '=https' --tlsv1.2 --retry 3 -o "$2" "$1"
  else wget -q -O "$2" "$1"; fi
}
suite="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
exe="$([[ "${RUNNER_OS:-}" != Windows ]] || echo .exe)"
if [[ -n "${GATEWRIGHT_BINARY_PATH:-}" ]]; then
  given="$(cd "$(dirname "$GATEWRIGHT_BINARY_PATH")" && pwd)/$(basename "$GATEWRIGHT_BINARY_PATH")" || fail 'binary-path: no such folder'
  if [[ -f "$given" && -x "$given" ]]; then found "$given"; else fail "binary-path: $given is no program"; fi
elif [[ "${GATEWRIGHT_BUILD:-}" == source ]]; then
  cd "$suite" # cargo obeys the configuration of the folder it is called in, and the workspace may be anybody's change
  cargo build --release --locked --package gatewright --target-dir "$RUNNER_TEMP/gatewright-build" || fail 'cargo could not build this commit'
  found "$RUNNER_TEMP/gatewright-build/release/gatewright$exe"
elif [[ -n "${GATEWRIGHT_BUILD:-}" && "$GATEWRIGHT_BUILD" != release ]]; then fail 'build: expected release or source'
elif [[ ! -f "$suite/VERSION" ]]; then
  fail 'this commit is no release, so no binary belongs to it: pin the commit of a release, give binary-path, or say build: source'
fi
version="$(<"$suite/VERSION")" os="${RUNNER_OS:-unknown}" arch="${RUNNER_ARCH:-unknown}"
arch="${arch/X64/x86_64}" arch="${arch/ARM64/aarch64}" os="${os/Linux/unknown-linux-musl}" os="${os/macOS/apple-darwin}"
asset="gatewright-$version-$arch-${os/Windows/pc-windows-msvc}.tar.gz" expected='' sum='' name=''
while read -r sum name; do [[ "$name" != "$asset" ]] || expected="$sum"; done <"$suite/checksums.txt"
[[ -n "$expected" ]] || fail "checksums.txt has no $asset: give binary-path, or say build: source"
archive="${RUNNER_TOOL_CACHE:-$RUNNER_TEMP}/gatewright/$version/$asset" bin="$RUNNER_TEMP/gatewright-bin"
if [[ ! -f "$archive" || "$(sha256 "$archive")" != "$expected" ]]; then
  mkdir -p "$(dirname "$archive")" && part="$(mktemp "$archive.XXXXXX")"
  base="${GATEWRIGHT_DOWNLOAD_BASE_URL:-https://github.com/gatewright/gatewright/releases/download}"
  download "$base/v$version/$asset" "$part" || fail "$asset could not be downloaded from $base"
  if [[ "$(sha256 "$part")" == "$expected" ]]; then mv -f "$part" "$archive"
  else rm -f "$part" && fail "$asset is not what this commit expects: its sha256 differs"; fi
fi
mkdir -p "$bin" && (cd "$bin" && tar -xzf -) <"$archive" && found "$bin/gatewright$exe"
