#!/usr/bin/env bash
# shellcheck disable=SC2016 # Backticks in single quotes are Markdown.
#
# The job `plan`: says on a pull request what it would change. It writes nothing into Intercom.
#
# Findings become annotations, the plan the job's summary and one comment. Without a token, as on a
# fork's pull request, it compares the docs with themselves.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"

# The commit that the pull request starts from: GitHub tests the merge, so it is its first parent.
since=
if git -C "$root" rev-parse --verify --quiet 'HEAD^2' >/dev/null; then
  since=$(git -C "$root" rev-parse 'HEAD^1')
elif [ -n "${HELPBOOK_BASE:-}" ] && git -C "$root" cat-file -e "$HELPBOOK_BASE^{commit}" 2>/dev/null; then
  since=$HELPBOOK_BASE
elif ! has_token; then
  fail "the commit that this starts from is not in the checkout: give actions/checkout fetch-depth: 2" 64
fi

checked=0
in_project check --format github ${since:+--since "$since"} >"$out/annotations" 2>"$out/messages" || checked=$?
grep -E '^::(error|warning|notice) ' "$out/annotations" || true
shielded cat "$out/messages"

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
      output preview "$out/preview"
      output preview-name "help-center-preview$suffix"
      what='The HTML report and the preview of the articles are artifacts'
    else
      what='The HTML report is an artifact'
    fi
    if [ -n "${GITHUB_SERVER_URL:-}" ]; then
      printf '\n%s of [this run](%s/%s/actions/runs/%s#artifacts).\n' \
        "$what" "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID" >>"$out/report.md"
    fi
  fi
else
  {
    printf '## Help Center\n\n'
    if [ "$checked" != 0 ]; then
      printf '`helpbook check` found errors in the docs. They are shown at the lines of the pull request, and in the log of the job.\n'
    else
      printf 'The plan could not be made; the log of the job says why.\n'
    fi
  } >"$out/report.md"
fi
if ! has_token; then
  printf '\nMade without Intercom, as this run has no token: it compares the docs before and after.\n' >>"$out/report.md"
fi
summary <"$out/report.md"
if [ -n "${HELPBOOK_PULL_REQUEST:-}" ]; then bash "$here/comment.sh"; fi
[ "$checked" = 0 ] || planned=$checked
judge none "$planned"
