#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2154 # The dollars in single quotes are those of jq.
#
# The job `audit`: what is wrong in the Help Center, as one issue that is brought up to date. It writes nothing into
# Intercom.
#
# Its own issue is one that the host says is ours and that holds the hidden mark; anybody may write the mark into an
# issue of theirs. Without a finding the issue is closed, and the next finding opens a new one.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/remote.sh"

need_token
audit_mark="<!-- helpbook audit$suffix -->"

# What makes the job fail is judged in the end, so that the issue is there.
failing=${HELPBOOK_FAIL_ON:-none}

rm -f "$out/audit.html" "$out/audit.md"
code=0
in_project audit --figures --external --report "html=$out/audit.html" --report "markdown=$out/audit.md" --json \
  >"$out/audit.json" 2>"$out/messages" || code=$?
shielded cat "$out/messages"
[ "$code" = 0 ] || fail "helpbook ended with exit code $code; the log of this step says why" "$code"

number=$(jq '.findings | length' "$out/audit.json")
output findings "$number"
keep report "$out/audit.html" "help-center-audit$suffix"
summary <"$out/audit.md"

refused() {
  shielded cat "$out/refusal"
  fail "the issue could not be written: $allow_issues; $shown_too says the same"
}

issue=$(find_issue "$audit_mark") || refused
if [ -n "$issue" ] || [ "$number" != 0 ]; then
  {
    printf '%s\n' "$audit_mark"
    cat "$out/audit.md"
  } >"$out/issue.md"
  state=open
  if [ "$number" = 0 ]; then state=closed; fi
  write_issue "$issue" "Audit of the Help Center" "$out/issue.md" "$state" || refused
fi
output issue "$issue"

found=$(jq -r --arg words "$failing" '[.counts | keys[]] as $there | [$words | split(",")[]
  | select(. == "any" and ($there | length > 0) or IN($there[]))] | join(" ")' "$out/audit.json")
[ -z "$found" ] || fail "the job fails because of: $found (see fail-on)"
