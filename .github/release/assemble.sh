#!/usr/bin/env bash
# Makes a folder of archives a release: assemble.sh TAG REPOSITORY FOLDER
#
# Adds the installers, which from then on know repository and version, the notes from the change
# log, and the checksums of all that is downloaded. Fails where the tag is not the version.
set -euo pipefail
tag=$1 repository=$2 folder=$3
source=$(cd "$(dirname "$0")/../.." && pwd)

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
if [ "$tag" != "v$version" ]; then
  printf 'error: the tag is %s, and Cargo.toml says %s\n' "$tag" "$version" >&2
  exit 1
fi
case $repository in
  */*/* | *[!0-9A-Za-z._/-]*) printf 'error: %s is no repository\n' "$repository" >&2 && exit 1 ;;
esac

sed -e "s|OWNER/helpbook|$repository|g" -e "s|^released_version=''|released_version='$version'|" \
  "$source/install.sh" >"$folder/install.sh"
sed -e "s|OWNER/helpbook|$repository|g" -e "s|releasedVersion = ''|releasedVersion = '$version'|" \
  "$source/install.ps1" >"$folder/install.ps1"

# The section of this version, else of what is to be released.
awk -v version="$version" '
  /^## / { wanted = index($0, version) > 0 }
  wanted && !/^## / { print }' "$source/CHANGELOG.md" >"$folder/NOTES.md"
if ! grep -q . "$folder/NOTES.md"; then
  awk '/^## / { wanted = /Unreleased/ } wanted && !/^## / { print }' "$source/CHANGELOG.md" >"$folder/NOTES.md"
fi

cd "$folder"
set -- helpbook-* install.sh install.ps1
if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi >SHA256SUMS
cat SHA256SUMS
