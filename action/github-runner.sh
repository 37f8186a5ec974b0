# shellcheck shell=bash disable=SC2034,SC2016,SC2154
# What a runner of GitHub has: places, workflow commands in the log, outputs, the summary of a job. It is sourced.

root=$(cd "${GITHUB_WORKSPACE:-.}" && pwd)
scratch=${RUNNER_TEMP:?}

# What the host has names for, in messages.
request='pull request' sign='#' run_word=run secret=secret shown_too='the summary of the job'
# What a command needs here, and what helpbook never gets.
tools=(gh) hidden=(GH_TOKEN GITHUB_TOKEN)

# Ends the step with a message that the page of the run shows.
fail() {
  printf '::error::%s\n' "$(escaped "$1")"
  exit "${2:-1}"
}

warn() { printf '::warning::%s\n' "$(escaped "$1")"; }

notice() { printf '::notice::%s\n' "$(escaped "$1")"; }

# A text as GitHub wants it in a workflow command: one line.
escaped() {
  local text=$1
  text=${text//%/%25}
  text=${text//$'\r'/%0D}
  printf %s "${text//$'\n'/%0A}"
}

# An output of the step. A value is one line, so that it cannot become a second output.
output() {
  case $2 in
    *[[:cntrl:]]*) fail "the value of the output $1 has characters that it must not have" ;;
  esac
  printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"
}

# Has a later step keep the file or folder $2 as the artifact $3. $1 is what it is.
keep() {
  output "$1" "$2"
  output "$1-name" "$3"
}

# Hands on where the saved plan is.
keep_plan() { output plan "$1"; }

# Adds standard input to the summary of the job.
summary() { cat >>"${GITHUB_STEP_SUMMARY:-/dev/null}"; }

# Runs a command whose output may hold anybody's text: the runner takes no command out of it.
shielded() {
  local word code=0
  word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$word"
  "$@" 2>&1 || code=$?
  printf '\n::%s::\n' "$word"
  return "$code"
}

# Where a person finds the artifacts of this job; empty where nobody can.
artifacts() {
  if [ -n "${GITHUB_SERVER_URL:-}" ]; then
    printf '[this run](%s/%s/actions/runs/%s#artifacts)' "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID"
  fi
}

# The number of the pull request; empty where there is none.
request_number=${HELPBOOK_PULL_REQUEST:-}

# The commit that the pull request starts from, if it is here: GitHub tests the merge, so it is its first parent.
base_commit() {
  if git -C "$root" rev-parse --verify --quiet 'HEAD^2' >/dev/null; then
    git -C "$root" rev-parse 'HEAD^1'
  elif [ -n "${HELPBOOK_BASE:-}" ] && git -C "$root" cat-file -e "$HELPBOOK_BASE^{commit}" 2>/dev/null; then
    printf %s "$HELPBOOK_BASE"
  fi
}
fetch_more='give actions/checkout fetch-depth: 2'

# Shows the findings of the docs as annotations, and gives back how `check` ended. What is given are options for it.
findings() {
  local code=0
  in_project check --format github "$@" >"$out/annotations" 2>"$out/messages" || code=$?
  grep -E '^::(error|warning|notice) ' "$out/annotations" || true
  shielded cat "$out/messages"
  return "$code"
}

# Keeps the findings of the branch, for a comparison; GitHub makes none.
keep_findings() { :; }

# What a person does to publish what is staged. $1: required, where an approval is asked for, or none.
how_to_publish() {
  if [ "$1" = required ]; then
    printf 'The job `publish` makes this live once a reviewer of the environment approves it.'
  else
    printf 'To make this live: **Run workflow**, with `publish` (run `%s`). Nothing is published by itself: the environment has no required reviewers.' "${GITHUB_RUN_ID:-}"
  fi
}
