#!/usr/bin/env bash
# Lays the static programs of a release out for the Containerfile: image.sh FOLDER TO
#
# FOLDER holds the archives for Linux; TO gets amd64/helpbook and arm64/helpbook, each of them where its archive is.
set -euo pipefail
folder=$1 to=$2

found=0
for pair in x86_64:amd64 aarch64:arm64; do
  name="helpbook-${pair%:*}-unknown-linux-musl"
  [ -f "$folder/$name.tar.gz" ] || continue
  mkdir -p "$to/${pair#*:}"
  tar -xzf "$folder/$name.tar.gz" -C "$to/${pair#*:}" --strip-components 1 "$name/helpbook"
  found=$((found + 1))
done
[ "$found" -gt 0 ] || { printf 'error: %s holds no archive for Linux\n' "$folder" >&2; exit 1; }
