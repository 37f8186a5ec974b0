#!/usr/bin/env bash
# Makes the npm packages of a release: npm.sh VERSION REPOSITORY SCOPE FOLDER TO
#
# FOLDER holds the archives and SHA256SUMS, which each archive is compared with; TO gets one .tgz for each platform and
# one that needs them, SCOPE/helpbook. A package for a platform holds the program, and npm installs the one that fits
# by `os` and `cpu`. So nothing is downloaded and run at install, npm's own checksums cover the program, and it works
# with `--ignore-scripts`, behind a mirror and from a cache.
set -euo pipefail
version=$1 repository=$2 scope=$3
folder=$(cd "$4" && pwd)
mkdir -p "$5"
to=$(cd "$5" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
case $scope in
  @*/* | [!@]* | *[!@0-9a-z._-]*) printf 'error: %s is no scope of npm, such as @octo\n' "$scope" >&2 && exit 1 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What every package says of itself: name, description, and more fields as JSON.
manifest() {
  jq -n --arg name "$1" --arg version "$version" --arg description "$2" --arg repository "$repository" --argjson more "$3" '{
    name: $name, version: $version, description: $description, license: "MIT OR Apache-2.0",
    homepage: "https://github.com/\($repository)",
    repository: { type: "git", url: "git+https://github.com/\($repository).git" }
  } + $more'
}

# The package of a platform: target, os and cpu as Node names them.
platform() {
  local target=$1 os=$2 cpu=$3 name="helpbook-$2-$3" archive program=helpbook wanted
  case $target in
    *windows*) archive="helpbook-$target.zip" program=helpbook.exe ;;
    *) archive="helpbook-$target.tar.gz" ;;
  esac
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
  if [ -z "$wanted" ] || [ "$(sha256sum <"$folder/$archive" | cut -d' ' -f1)" != "$wanted" ]; then
    printf 'error: %s is not what SHA256SUMS says\n' "$archive" >&2
    exit 1
  fi
  mkdir -p "$work/$name/bin"
  case $archive in
    *.zip) (cd "$work" && unzip -q "$folder/$archive") ;;
    *) tar -xzf "$folder/$archive" -C "$work" ;;
  esac
  cp "$work/helpbook-$target/$program" "$work/$name/bin/$program"
  cp "$source/LICENSE-APACHE" "$source/LICENSE-MIT" "$work/$name"
  chmod 755 "$work/$name/bin/$program"
  manifest "$scope/$name" "helpbook for $os on $cpu" "$(jq -n --arg os "$os" --arg cpu "$cpu" \
    '{os: [$os], cpu: [$cpu], files: ["bin", "LICENSE-*"], preferUnplugged: true}')" >"$work/$name/package.json"
  (cd "$work/$name" && npm pack --silent --pack-destination "$to" >/dev/null)
  packages=$(jq --arg name "$scope/$name" --arg version "$version" '. + {($name): $version}' <<<"$packages")
}

packages='{}'
platform x86_64-unknown-linux-musl linux x64
platform aarch64-unknown-linux-musl linux arm64
platform x86_64-apple-darwin darwin x64
platform aarch64-apple-darwin darwin arm64
platform x86_64-pc-windows-msvc win32 x64

mkdir -p "$work/helpbook/bin"
cp "$source/.github/release/npm/helpbook.js" "$work/helpbook/bin/helpbook.js"
cp "$source/README.md" "$source/LICENSE-APACHE" "$source/LICENSE-MIT" "$work/helpbook"
manifest "$scope/helpbook" "Keeps an Intercom Help Center in Git: plan, apply as drafts, publish after confirmation" \
  "$(jq -n --argjson packages "$packages" '{
    bin: { helpbook: "bin/helpbook.js" }, files: ["bin", "LICENSE-*"], engines: { node: ">=18" },
    keywords: ["intercom", "help-center", "docs", "markdown", "cli"], optionalDependencies: $packages }')" \
  >"$work/helpbook/package.json"
(cd "$work/helpbook" && npm pack --silent --pack-destination "$to" >/dev/null)
