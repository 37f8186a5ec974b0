# shellcheck shell=bash disable=SC2034,SC2154
# What every script here needs, whatever the host: the project's folder and names, helpbook without the host's tokens,
# reports and numbers of a plan.
#
# It is sourced, and sources what the host's runner has: places, log, outputs, summary. All that comes from outside
# comes in variables of the environment; nothing is ever pasted into a script's text.

set -euo pipefail

if [ "${GITLAB_CI:-}" = true ]; then host=gitlab; else host=github; fi
# shellcheck source=github-runner.sh
. "$here/$host-runner.sh"

# The folder of the project, below the checkout.
workdir=${HELPBOOK_WORKDIR:-.}
case /$workdir/ in
  //* | */../*) fail "working-directory has to lie inside the checkout" 64 ;;
esac
if [ ! -d "$root/$workdir" ]; then fail "working-directory is no folder of this checkout" 64; fi

lock=helpbook.lock
if [ "$workdir" != . ]; then lock="${workdir%/}/$lock"; fi

# Where plan, reports and what is handed on are made; outside the checkout.
out="$scratch/helpbook"
mkdir -p "$out"

# The branch that the docs live on, and those that wait for a person.
branch=${HELPBOOK_BRANCH:-main}
if ! git check-ref-format "refs/heads/$branch"; then fail "branch is no name of a branch" 64; fi
suffix=
if [ "$workdir" != . ]; then suffix="-$(printf %s "$workdir" | cksum | cut -d' ' -f1)"; fi
ids_branch="help-center/ids$suffix" pull_branch="help-center/pull$suffix" staged_name="help-center-staged$suffix"

# Runs a command without the tokens of the host.
without_tokens() { env "${hidden[@]/#/-u}" "$@"; }

# helpbook in the project, run from the root, so that what it names can be found from there.
in_project() {
  if [ "$workdir" != . ]; then set -- -C "$workdir" "$@"; fi
  (cd "$root" && without_tokens helpbook --color never "$@")
}

for tool in "${tools[@]}" git helpbook jq; do
  command -v "$tool" >/dev/null || fail "this machine has no $tool, which the action needs"
done

# Whether there is a token for Intercom. Forks and Dependabot get none.
has_token() { [ -n "${INTERCOM_ACCESS_TOKEN:-}${INTERCOM_TOKEN:-}" ]; }

# Ends the step where there is none.
need_token() { has_token || fail "there is no token for Intercom: set the $secret INTERCOM_ACCESS_TOKEN" 4; }

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
  keep_plan "$out/plan.json"
  keep report "$out/report.html" "help-center-report$suffix"
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
