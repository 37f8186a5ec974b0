#!/usr/bin/env bash
# A job of GitLab: installs helpbook and carries out HELPBOOK_COMMAND. The file that `helpbook init` writes for GitLab
# calls it, from a checkout of this repository at the commit that the file names.
#
# HELPBOOK_VERSION is a version, or `installed` for the helpbook that is on PATH; without it, it is the version that goes
# with these scripts.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# What else carries out GitLab's jobs may not say so.
export GITLAB_CI=true

if [ "${HELPBOOK_VERSION:-}" != installed ]; then
  paths=$(mktemp)
  env -u INTERCOM_ACCESS_TOKEN -u INTERCOM_TOKEN -u INTERCOM_READ_TOKEN -u HELPBOOK_GITLAB_TOKEN -u HELPBOOK_NOTE_TOKEN \
    RUNNER_TEMP="${TMPDIR:-/tmp}" GITHUB_PATH="$paths" bash "$here/install.sh"
  PATH="$(cat "$paths"):$PATH"
  rm -f "$paths"
  export PATH
fi
exec bash "$here/run.sh"
