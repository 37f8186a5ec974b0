#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2154 # Backticks in single quotes are Markdown.
#
# The job `plan`: says on a pull or merge request what it would change. It writes nothing into Intercom.
#
# Findings are shown at their lines, the plan in one comment and where the job shows such. Without a token, as on a
# fork's request, it compares the docs with themselves.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/remote.sh"
. "$here/comment.sh"

# The commit that the request starts from.
since=$(base_commit)
if [ -z "$since" ] && ! has_token; then
  fail "the commit that this starts from is not in the checkout: $fetch_more" 64
fi

checked=0
findings ${since:+--since "$since"} || checked=$?

rm -rf "$out/plan.json" "$out/report.md" "$out/preview"
planned=0
if [ "$checked" = 0 ]; then
  if has_token; then
    shielded in_project plan --quiet ${since:+--since "$since"} --out "$out/plan.json" || planned=$?
  else
    # Nothing is saved to be applied: it was not compared with Intercom.
    in_project plan --since "$since" --offline --json >"$out/plan.json" 2>"$out/messages" || planned=$?
    shielded cat "$out/messages"
  fi
fi
if [ "$checked" = 0 ] && [ "$planned" = 0 ]; then
  reports
  # Where articles change, their pages as they will be; without them the plan says all the same.
  pages=--offline
  if [ -n "$since" ]; then pages="--since=$since"; fi
  if jq -e '[.changes[] | select(.action != "orphan")] | length > 0' "$out/plan.json" >/dev/null; then
    if shielded in_project preview --out "$out/preview" "$pages"; then
      keep preview "$out/preview" "help-center-preview$suffix"
      what='The HTML report and the preview of the articles are artifacts'
    else
      what='The HTML report is an artifact'
    fi
    place=$(artifacts)
    if [ -n "$place" ]; then printf '\n%s of %s.\n' "$what" "$place" >>"$out/report.md"; fi
  fi
else
  {
    printf '## Help Center\n\n'
    if [ "$checked" != 0 ]; then
      printf '`helpbook check` found errors in the docs. They are shown at the lines of the %s, and in the log of the job.\n' "$request"
    else
      printf 'The plan could not be made; the log of the job says why.\n'
    fi
  } >"$out/report.md"
fi
if ! has_token; then
  printf '\nMade without Intercom, as this run has no token: it compares the docs before and after.\n' >>"$out/report.md"
fi
summary <"$out/report.md"
if [ -n "$request_number" ]; then comment; fi
[ "$checked" = 0 ] || planned=$checked
judge none "$planned"
