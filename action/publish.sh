#!/usr/bin/env bash
# shellcheck disable=SC2016 # Backticks in single quotes are Markdown.
#
# The job `publish`: makes live what a stage job handed on, and nothing else.
#
# It runs because a person pressed "Run workflow", or because the reviewers of an environment
# approved it. It checks out exactly the commit that was handed on, and publishes no more than the
# plan that was handed on with it. Where nobody had to approve, it publishes nothing and says why.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/github.sh"
. "$here/write-back.sh"

# Ends the step without having published anything; that is no failure.
leave() {
  notice "nothing was published: $1"
  printf '## Help Center: nothing was published\n\n%s\n' "$1" | summary
  output published false
  exit 0
}

# The run whose stage job is meant: the one that was named, else the newest one on the branch.
run=${HELPBOOK_RUN:-}
case $run in *[!0-9]*) fail "run is the number of a run, as in its address" 64 ;; esac
if [ "$run" = "${GITHUB_RUN_ID:?}" ]; then
  # What this very run staged: somebody has to have approved it since.
  if [ "$(bash "$here/gate.sh")" != required ]; then
    leave "the environment \`${HELPBOOK_ENVIRONMENT:-help-center}\` has no required reviewers, so nobody approved this. Add reviewers in the settings of the repository (private repositories need GitHub Enterprise for that), or publish with **Run workflow**."
  fi
elif [ "${GITHUB_EVENT_NAME:-}" != workflow_dispatch ]; then
  leave "nobody asked for it: what an earlier run staged is published with **Run workflow** only."
fi
has_token || fail "there is no token for Intercom: set the secret INTERCOM_ACCESS_TOKEN" 4
if [ "$run" != "$GITHUB_RUN_ID" ]; then
  file=${GITHUB_WORKFLOW_REF:?}
  file=${file%@*}
  file=${file#"$repository/"}
  if [ -n "$run" ]; then
    gh api "repos/$repository/actions/runs/$run" >"$out/run.json" || fail "there is no run $run"
  else
    gh api "repos/$repository/actions/workflows/$(uri "${file##*/}")/runs?branch=$(uri "$branch")&event=push&per_page=1" |
      jq '.workflow_runs[0] // {}' >"$out/run.json"
    if [ "$(jq -r '.conclusion // ""' "$out/run.json")" != success ]; then
      leave "the newest run on \`$branch\` did not stage everything, or has not ended. Look at it, or name the run to publish."
    fi
  fi
  # Only a run of this workflow, on the branch of this repository, is trusted.
  if ! jq -e --arg branch "$branch" --arg repository "$repository" --arg file "$file" '
    (.event == "push" or .event == "workflow_dispatch") and .head_branch == $branch and .path == $file
    and .repository.full_name == $repository and .head_repository.full_name == $repository' \
    "$out/run.json" >/dev/null; then
    fail "run $run is none of this workflow on $branch; nothing was published"
  fi
  run=$(jq -r .id "$out/run.json")
fi

rm -rf "$out/staged"
if ! gh run download "$run" --repo "$repository" --name "$staged_name" --dir "$out/staged" >"$out/refusal" 2>&1; then
  shielded cat "$out/refusal"
  leave "run $run handed on nothing that could be published, or it is too old. Run the stage job again."
fi
commit=$(cat "$out/staged/commit")
case $commit in *[!0-9a-f]* | '') fail "what run $run handed on names no commit" ;; esac
cp "$out/staged/plan.json" "$out/plan.json"
remote_git fetch --quiet --no-tags origin "$commit"
git -C "$root" checkout --quiet --force --detach "$commit"
# What later runs sent is ours as well, and only the newest lock knows it.
tip=$(fetched "$branch")
if git -C "$root" cat-file -e "$tip:$lock" 2>/dev/null; then git -C "$root" show "$tip:$lock" >"$root/$lock"; fi

code=0
shielded in_project publish "$out/plan.json" --yes || code=$?
write_back "Keep the lock of the Help Center"
output published true
counts "$out/plan.json"
{
  printf '## Help Center: published\n\n'
  case $code in
    0) printf 'All that run %s staged is live.\n' "$run" ;;
    3) printf 'Run %s: something was **not** published, as it is no longer staged as it was, or was changed in Intercom. The log of this step names it; the rest is live.\n' "$run" ;;
    *) printf '**It failed** with exit code %s; the log of this step says what is live.\n' "$code" ;;
  esac
} | summary
rm -f "$out/plan.json"
judge blocked "$code"
