#!/usr/bin/env bash
# shellcheck disable=SC2016 # The dollars in single quotes are those of jq and GraphQL.
#
# The job `audit`: what is wrong in the Help Center, as one issue that is brought up to date. It writes nothing into
# Intercom.
#
# Its own issue is one that GitHub says is ours and that holds the hidden mark; anybody may write the mark into an
# issue of theirs. Without a finding the issue is closed, and the next finding opens a new one.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/github.sh"

has_token || fail "there is no token for Intercom: set the secret INTERCOM_ACCESS_TOKEN" 4
mark="<!-- helpbook audit$suffix -->"

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
output report "$out/audit.html"
output report-name "help-center-audit$suffix"
summary <"$out/audit.md"

# The number of our open issue, or nothing.
ours() {
  local after=null
  while :; do
    jq -n --arg owner "${repository%%/*}" --arg name "${repository#*/}" --argjson after "$after" '{
      query: "query($owner: String!, $name: String!, $after: String) { repository(owner: $owner, name: $name) { issues(first: 100, after: $after, states: OPEN) { nodes { number viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } }",
      variables: { owner: $owner, name: $name, after: $after } }' >"$out/request.json"
    gh api graphql --input "$out/request.json" >"$out/answer.json" 2>"$out/refusal" || return 1
    jq -r --arg mark "$mark" '[.data.repository.issues.nodes[]
      | select(.viewerDidAuthor and (.body | startswith($mark)))][0].number // empty' "$out/answer.json" >"$out/id"
    if [ -s "$out/id" ]; then
      cat "$out/id"
      return 0
    fi
    after=$(jq -c '.data.repository.issues.pageInfo | if .hasNextPage then .endCursor else null end' "$out/answer.json")
    [ "$after" != null ] || return 0
  done
}

refused() {
  shielded cat "$out/refusal"
  fail "the issue could not be written: give the job the permission issues: write; the summary of the job says the same"
}

issue=$(ours) || refused
jq -n --arg mark "$mark" --rawfile body "$out/audit.md" --arg number "$number" \
  '{title: "Audit of the Help Center", body: "\($mark)\n\($body)", state: (if $number == "0" then "closed" else "open" end)}' \
  >"$out/request.json"
if [ -n "$issue" ]; then
  gh api --method PATCH "repos/$repository/issues/$issue" --input "$out/request.json" >/dev/null 2>"$out/refusal" || refused
elif [ "$number" != 0 ]; then
  jq 'del(.state)' "$out/request.json" >"$out/smaller.json"
  gh api --method POST "repos/$repository/issues" --input "$out/smaller.json" >"$out/answer.json" 2>"$out/refusal" || refused
  issue=$(jq -r .number "$out/answer.json")
fi
output issue "$issue"

found=$(jq -r --arg words "$failing" '[.counts | keys[]] as $there | [$words | split(",")[]
  | select(. == "any" and ($there | length > 0) or IN($there[]))] | join(" ")' "$out/audit.json")
[ -z "$found" ] || fail "the job fails because of: $found (see fail-on)"
