#!/usr/bin/env bash
# Keeps one comment on the pull request: the report of the plan. It never fails the job: where the
# token may only read, as on a fork's pull request, the summary of the job says the same.
#
# Its own comment is one that GitHub says is ours and that holds the hidden mark; anybody may write
# the mark into a comment of theirs.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/github.sh"

number=${HELPBOOK_PULL_REQUEST:?}
mark="<!-- helpbook plan$suffix -->"
longest=65536

# GitHub takes no longer comment; then only the summary, which comes first, is shown.
{
  printf '%s\n' "$mark"
  cat "$out/report.md"
} >"$out/comment.md"
if [ "$(LC_ALL=C.UTF-8 wc -m <"$out/comment.md")" -gt "$longest" ]; then
  {
    printf '%s\n' "$mark"
    # Not cut by a pipe: what ends early there fails what writes into it.
    head -c 20000 <<<"$(sed '/^<details/,$d' "$out/report.md")"
    printf '\n\nThe changes are too many for a comment; the summary of the job and the HTML report show them.\n'
  } >"$out/comment.md"
fi

# The id of our comment, or nothing.
ours() {
  local after=null
  while :; do
    jq -n --arg owner "${repository%%/*}" --arg name "${repository#*/}" --argjson number "$number" --argjson after "$after" '{
      query: "query($owner: String!, $name: String!, $number: Int!, $after: String) { repository(owner: $owner, name: $name) { pullRequest(number: $number) { comments(first: 100, after: $after) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } } }",
      variables: { owner: $owner, name: $name, number: $number, after: $after } }' >"$out/request.json"
    gh api graphql --input "$out/request.json" >"$out/answer.json" 2>"$out/refusal" || return 1
    jq -r --arg mark "$mark" '[.data.repository.pullRequest.comments.nodes[]
      | select(.viewerDidAuthor and (.body | startswith($mark)))][0].databaseId // empty' "$out/answer.json" >"$out/id"
    if [ -s "$out/id" ]; then
      cat "$out/id"
      return 0
    fi
    after=$(jq -c '.data.repository.pullRequest.comments.pageInfo | if .hasNextPage then .endCursor else null end' "$out/answer.json")
    [ "$after" != null ] || return 0
  done
}

skip() {
  shielded cat "$out/refusal"
  notice "the comment could not be written, as the token of this run may only read, or GitHub did not answer; the summary of the job says the same"
  exit 0
}

id=$(ours) || skip
jq -n --rawfile body "$out/comment.md" '{body: $body}' >"$out/request.json"
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$repository/issues/comments/$id" --input "$out/request.json" >/dev/null 2>"$out/refusal" || skip
elif [ -f "$out/plan.json" ] && jq -e '[.changes[] | select(.action != "orphan")] | length == 0' "$out/plan.json" >/dev/null; then
  # A pull request that changes no article gets no comment.
  exit 0
else
  gh api --method POST "repos/$repository/issues/$number/comments" --input "$out/request.json" >/dev/null 2>"$out/refusal" || skip
fi
