#!/usr/bin/env bash
# Packs a built program for a release: package.sh TARGET PROGRAM FOLDER
#
# The archive holds one folder with the program, its man pages, the README and the licences.
set -euo pipefail
target=$1 program=$2 to=$3
source=$(cd "$(dirname "$0")/../.." && pwd)
name="helpbook-$target"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name" "$to"
to=$(cd "$to" && pwd)
cp "$source/README.md" "$source/CHANGELOG.md" "$source/LICENSE-APACHE" "$source/LICENSE-MIT" "$work/$name"
# The man pages are by the program itself. One for another processor than this machine's may not run here.
if ! "$program" man "$work/$name/man1" >/dev/null 2>&1; then
  case $target in
    x86_64-apple-darwin) rm -rf "$work/$name/man1" ;;
    *) printf 'error: %s writes no man pages\n' "$program" >&2 && exit 1 ;;
  esac
fi
case $target in
  *windows*)
    cp "$program" "$work/$name/helpbook.exe"
    (cd "$work" && 7z a -bso0 -tzip "$to/$name.zip" "$name")
    ;;
  *)
    cp "$program" "$work/$name/helpbook"
    chmod 755 "$work/$name/helpbook"
    tar -C "$work" -czf "$to/$name.tar.gz" "$name"
    ;;
esac
