#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2154 # Backticks in single quotes are Markdown.
#
# The job `publish`: makes live what a stage job handed on, and nothing else.
#
# It runs because a person started it, or because the reviewers of an environment approved it. It checks out exactly
# the commit that was handed on, and publishes no more than the plan that was handed on with it. Where nobody had to approve, it publishes nothing and says why.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/remote.sh"
. "$here/write-back.sh"

# Ends the step without having published anything; that is no failure.
leave() {
  notice "nothing was published: $1"
  printf '## Help Center: nothing was published\n\n%s\n' "$1" | summary
  output published false
  exit 0
}

asked
need_token
may_write_back
rm -rf "$out/staged"
take_staged
commit=$(cat "$out/staged/commit")
case $commit in *[!0-9a-f]* | '') fail "what $run_word $run handed on names no commit" ;; esac
cp "$out/staged/plan.json" "$out/plan.json"
remote_git fetch --quiet --no-tags "$remote" "$commit"
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
    0) printf 'All that %s %s staged is live.\n' "$run_word" "$run" ;;
    3) printf 'Of what %s %s staged, something was **not** published, as it is no longer staged as it was, or was changed in Intercom. The log of this step names it; the rest is live.\n' "$run_word" "$run" ;;
    *) printf '**It failed** with exit code %s; the log of this step says what is live.\n' "$code" ;;
  esac
} | summary
rm -f "$out/plan.json"
judge blocked "$code"
