# shellcheck shell=bash disable=SC2034,SC2016
# What every script here needs of the runner: places, outputs, the job summary, a quiet log.
#
# It is sourced. All that comes from outside comes in variables of the environment, which
# action.yml sets; nothing is ever pasted into a script's text.

set -euo pipefail

# The folder of the project, below the checkout.
workdir=${HELPBOOK_WORKDIR:-.}
case /$workdir/ in
  //* | */../*)
    echo "::error::working-directory has to lie inside the checkout"
    exit 64
    ;;
esac
root=$(cd "${GITHUB_WORKSPACE:-.}" && pwd)
if [ ! -d "$root/$workdir" ]; then
  echo "::error::working-directory is no folder of this checkout"
  exit 64
fi

lock=helpbook.lock
if [ "$workdir" != . ]; then lock="${workdir%/}/$lock"; fi

# Where plan, reports and what is handed on are kept; outside the checkout.
out="${RUNNER_TEMP:?}/helpbook"
mkdir -p "$out"

# The branch that the docs live on, and those that wait for a person.
branch=${HELPBOOK_BRANCH:-main}
if ! git check-ref-format "refs/heads/$branch"; then
  echo "::error::branch is no name of a branch"
  exit 64
fi
suffix=
if [ "$workdir" != . ]; then suffix="-$(printf %s "$workdir" | cksum | cut -d' ' -f1)"; fi
ids_branch="help-center/ids$suffix" pull_branch="help-center/pull$suffix" staged_name="help-center-staged$suffix"

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

# helpbook in the project, run from the root, so that what it names can be found from there. It gets
# no token of GitHub.
in_project() {
  if [ "$workdir" != . ]; then set -- -C "$workdir" "$@"; fi
  (cd "$root" && env -u GH_TOKEN -u GITHUB_TOKEN helpbook --color never "$@")
}

for tool in gh git helpbook jq; do
  command -v "$tool" >/dev/null || fail "this machine has no $tool, which the action needs"
done

# Whether there is a token for Intercom. Forks and Dependabot get none.
has_token() { [ -n "${INTERCOM_ACCESS_TOKEN:-}${INTERCOM_TOKEN:-}" ]; }

# The numbers of a plan as outputs.
counts() {
  local name value
  while IFS='=' read -r name value; do
    output "$name" "$value"
  done < <(jq -r '.summary | to_entries[] | "\(.key)=\(.value)"' "$1")
}

# Makes both reports of the plan that is saved as plan.json.
reports() {
  in_project show "$out/plan.json" --format markdown >"$out/report.md"
  in_project show "$out/plan.json" --format html >"$out/report.html"
  output plan "$out/plan.json"
  output report "$out/report.html"
  output report-name "help-center-report$suffix"
  counts "$out/plan.json"
}

# Fails where the plan, or how a command ended, is what `fail-on` names. $1: what it is for this
# command if nobody said; $2: the exit code.
judge() {
  local word found='' words=${HELPBOOK_FAIL_ON:-$1} sum='0'
  if [ -f "$out/plan.json" ]; then sum=$(jq -c .summary "$out/plan.json"); fi
  for word in ${words//,/ }; do
    case $word in
      none) ;;
      changes) number "$sum" '.create + .adopt + .update + .publish + .unpublish + .delete' && found="$found changes" ;;
      removals) number "$sum" '.unpublish + .delete' && found="$found removals" ;;
      drift) number "$sum" .drift && found="$found drift" ;;
      blocked) { [ "$2" = 3 ] || number "$sum" .blocked; } && found="$found blocked" ;;
      *) fail "fail-on knows changes, removals, drift, blocked and none" 64 ;;
    esac
  done
  case $2 in
    0 | 2 | 3) ;;
    *) fail "helpbook ended with exit code $2; the log of this step says why" "$2" ;;
  esac
  if [ -n "$found" ]; then
    if [ "$2" = 0 ]; then set -- "$1" 3; fi
    fail "the job fails because of:$found (see fail-on)" "$2"
  fi
}

# Whether an expression over a plan's summary is more than 0.
number() { [ "$1" != 0 ] && [ "$(jq -r "$2" <<<"$1")" -gt 0 ]; }
