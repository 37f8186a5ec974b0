#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2154 # Backticks in single quotes are Markdown.
#
# The job `stage`: pushes what was merged as drafts, brings ids and lock back, and hands on what a
# person may approve.
#
# It takes the tip of the branch, not the commit of the event: of two merges in a row the second
# run finds all done. It makes nothing visible to customers.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/remote.sh"
. "$here/write-back.sh"

need_token
may_write_back
git -C "$root" checkout --quiet --detach "$(fetched "$branch")"
take_waiting_ids

code=0
shielded in_project apply || code=$?

# Also after a failure: an article that was created keeps its id.
write_back "Keep ids and lock of the Help Center"

rm -f "$out/plan.json"
planned=0
shielded in_project plan --quiet --out "$out/plan.json" || planned=$?
if [ "$planned" = 0 ]; then
  reports
  mkdir -p "$out/staged"
  cp "$out/plan.json" "$out/report.html" "$out/staged/"
  printf '%s\n' "$commit" >"$out/staged/commit"
  stamp "$out/staged"
  keep staged "$out/staged" "$staged_name"
elif [ "$code" = 0 ]; then
  code=$planned
fi

keep_findings
approval=$(approval)
to_publish=0
if [ "$planned" = 0 ]; then to_publish=$(jq '[.changes[].publish // [] | length] | add // 0' "$out/plan.json"); fi
output approval "$approval"
output to-publish "$to_publish"
{
  printf '## Help Center: staged\n\n'
  case $code in
    0) printf 'All of `%s` is staged as drafts. Customers see nothing of it yet.\n' "$branch" ;;
    3) printf 'Some changes were **not** staged; the report below says which and why.\n' ;;
    *) printf '**It failed** with exit code %s; the log of this step says why.\n' "$code" ;;
  esac
  if [ "$to_publish" -gt 0 ]; then
    printf '\n%s\n' "$(how_to_publish "$approval")"
  fi
  printf '\n'
  if [ "$planned" = 0 ]; then cat "$out/report.md"; fi
} | summary
judge blocked "$code"
