# shellcheck shell=bash disable=SC2034,SC2016,SC2154
# What a runner of GitLab has: places, the log, outputs and what is kept. It is sourced.
#
# GitLab knows no summary of a job: what would be in it is in the log and among the artifacts. What is kept has to be
# in the checkout, so it is copied there, into a folder that Git does not see and helpbook never reads.

root=$(cd "${CI_PROJECT_DIR:?}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
kept="$root/.help-center"
mkdir -p "$kept" "$root/.git/info"
# Of what other jobs kept, only what is staged is taken up.
find "$kept" -mindepth 1 -maxdepth 1 ! -name staged -exec rm -rf {} +
grep -qx '/.help-center/' "$root/.git/info/exclude" 2>/dev/null || printf '/.help-center/\n' >>"$root/.git/info/exclude"

# What the host has names for, in messages.
request='merge request' sign='!' run_word=pipeline secret='CI/CD variable' shown_too='the log of the job'
# What a command needs here, and what helpbook never gets.
tools=(curl)
hidden=(
  HELPBOOK_GITLAB_TOKEN HELPBOOK_NOTE_TOKEN CI_JOB_TOKEN CI_REPOSITORY_URL CI_REGISTRY_PASSWORD CI_DEPLOY_PASSWORD
  CI_DEPENDENCY_PROXY_PASSWORD INTERCOM_READ_TOKEN
)

# Ends the job with a message.
fail() {
  printf 'error: %s\n' "$1"
  exit "${2:-1}"
}

warn() { printf 'warning: %s\n' "$1"; }

notice() { printf 'note: %s\n' "$1"; }

# What may hold anybody's text, without what steers a terminal: GitLab folds and colours its log by such.
printable() { LC_ALL=C tr -d '\000-\010\013-\037\177'; }

# An output of the job, as a variable for later jobs: HELP_CENTER_UPDATE=1. A value is one line.
output() {
  local name
  case $2 in
    *[[:cntrl:]]*) fail "the value of the output $1 has characters that it must not have" ;;
  esac
  name=$(printf 'HELP_CENTER_%s' "$1" | tr 'a-z-' 'A-Z_')
  printf '%s=%s\n' "$name" "$2" >>"$kept/outputs.env"
}

# Keeps the file or folder $2 among the artifacts. $1 is what it is.
keep() {
  rm -rf "${kept:?}/${2##*/}"
  cp -R "$2" "$kept/${2##*/}"
  output "$1" ".help-center/${2##*/}"
}

# Keeps the saved plan among the artifacts.
keep_plan() { keep plan "$1"; }

# Adds standard input to what a person reads of the job.
summary() { tee -a "$kept/summary.md" | printable; }

# Runs a command whose output may hold anybody's text.
shielded() { "$@" 2>&1 | printable; }

# Where a person finds the artifacts of this job.
artifacts() { printf '[this job](%s/artifacts/browse/.help-center/)' "${CI_JOB_URL:?}"; }

# The number of the merge request; empty where there is none.
request_number=${CI_MERGE_REQUEST_IID:-}

# A token that may only read is enough to plan and to audit.
case ${HELPBOOK_COMMAND:-} in
  plan | audit) if [ -n "${INTERCOM_READ_TOKEN:-}" ]; then export INTERCOM_ACCESS_TOKEN=$INTERCOM_READ_TOKEN; fi ;;
esac

# A fork gets no token, also where a member runs its pipeline in this project.
if [ -n "$request_number" ] && [ "${CI_MERGE_REQUEST_SOURCE_PROJECT_ID:-}" != "${CI_MERGE_REQUEST_PROJECT_ID:-}" ]; then
  unset INTERCOM_ACCESS_TOKEN INTERCOM_TOKEN HELPBOOK_GITLAB_TOKEN HELPBOOK_NOTE_TOKEN
fi

# The commit that the merge request starts from, if it is here. Where GitLab tests the merge, it names the target's.
base_commit() {
  local base=${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-${CI_MERGE_REQUEST_DIFF_BASE_SHA:-}}
  if [ -n "$base" ] && git -C "$root" cat-file -e "$base^{commit}" 2>/dev/null; then printf %s "$base"; fi
}
fetch_more='set GIT_DEPTH: "0" for the job'

# Keeps the findings of the docs as a Code Quality report, which the merge request shows, and shows them in the log;
# gives back how `check` ended. What is given are options for it.
findings() {
  local code=0
  in_project check --format gitlab "$@" >"$kept/gl-code-quality-report.json" 2>"$out/messages" || code=$?
  shielded jq -r '.[] | "\(.location.path):\(.location.lines.begin): \(.description) [\(.check_name)]"' \
    "$kept/gl-code-quality-report.json" || true
  shielded cat "$out/messages"
  return "$code"
}

# Keeps the findings of the branch: GitLab compares those of a merge request with them.
keep_findings() {
  in_project check --format gitlab >"$kept/gl-code-quality-report.json" 2>/dev/null || true
}

# What a person does to publish what is staged. $1: required, where an approval is asked for, or none.
how_to_publish() {
  printf 'To make this live: start the job `help-center-publish` of [this pipeline](%s)' "${CI_PIPELINE_URL:?}"
  if [ "$1" = required ]; then printf ', once the deployment is approved.'; else printf '.'; fi
}
