#!/usr/bin/env bash
# Puts helpbook on PATH for the steps that follow, by the installer of this repository: the download
# is compared with the release's checksums.
#
# Without a version it is the one that goes with this action, so that pinning the action pins both.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fail() {
  if [ "${GITLAB_CI:-}" = true ]; then printf 'error: %s\n' "$1"; else printf '::error::%s\n' "$1"; fi
  exit 1
}

own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../Cargo.toml" | head -n 1)
version=${HELPBOOK_VERSION:-$own}
version=${version#v}
case $version in '' | *[!0-9A-Za-z.+-]*) fail "version is a version such as $own, or installed" ;; esac

# GitHub does not tell every step whose action it is; the path of the action does.
repository=${HELPBOOK_REPOSITORY:-}
if [ -z "$repository" ]; then
  case $here in
    */_actions/*/*/*/action)
      repository=${here#*/_actions/}
      repository=$(printf %s "$repository" | cut -d/ -f1-2)
      ;;
    *) fail "the repository of this action is not known: set version to installed, and install helpbook before" ;;
  esac
fi

folder="${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:?}}/helpbook/$version/$(uname -m)"
if [ "$("$folder/helpbook" --version 2>/dev/null || true)" != "helpbook $version" ]; then
  HELPBOOK_REPOSITORY=$repository HELPBOOK_VERSION=$version HELPBOOK_INSTALL_DIR=$folder sh "$here/../install.sh"
  [ "$("$folder/helpbook" --version)" = "helpbook $version" ] || fail "the release v$version holds another version"
fi
printf '%s\n' "$folder" >>"${GITHUB_PATH:?}"
