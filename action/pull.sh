#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2154 # Backticks in single quotes are Markdown.
#
# The job `pull`: what teammates changed in Intercom, as one pull or merge request that is brought up to date.
#
# Each run starts from the tip of the branch, so the request always holds what is not merged
# yet. Commits that people added to it are never replaced; then the run adds its own on top.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/remote.sh"
. "$here/write-back.sh"

need_token
may_write_back
tip=$(fetched "$branch")
head=$(remote_head "$pull_branch")
on=
if [ -n "$head" ]; then
  fetched "$pull_branch" >/dev/null
  people=$(git -C "$root" log --format='%an <%ae>' "$tip..$head" | grep -Ev "$robot" || true)
  if [ -n "$people" ] && [ -n "$(open_pull_request_of "$pull_branch")" ]; then
    on=$pull_branch
  fi
fi
if [ -n "$on" ]; then
  # People work on it: the branch gets what was merged since, and the run goes on from there.
  if ! git -C "$root" merge-base --is-ancestor "$tip" "$head"; then
    merge_into "$on" "$branch" || {
      refusal
      fail "$branch does not merge into $pull_branch by itself: merge it there by hand, or close the $request"
    }
    head=$(fetched "$on")
  fi
  git -C "$root" checkout --quiet --detach "$head"
else
  git -C "$root" checkout --quiet --detach "$tip"
  take_waiting_ids
fi

code=0
in_project pull --json >"$out/pull.json" 2>"$out/messages" || code=$?
shielded cat "$out/messages"
case $code in 0 | 1 | 3) ;; *) judge none "$code" ;; esac
number=$(jq -s '(.[0] // {}) | (.changes // [] | length) + (.collections // [] | length)' "$out/pull.json")
output pulled "$number"

if [ "$number" = 0 ]; then
  # What a teammate took back in the meantime has nothing to be merged.
  if [ "$code" = 0 ] && [ -z "$on" ] && [ -n "$head" ]; then
    delete_branch "$pull_branch"
  fi
  notice "there is nothing to pull"
  output write-back none
  judge none "$code"
  exit 0
fi

# Names come from Intercom: no line of theirs may become one of ours, and nobody is mentioned.
plain='gsub("[[:cntrl:]<>@`]"; " ") | gsub("  +"; " ") | ltrimstr(" ") | rtrimstr(" ")'
{
  printf 'Take changes from Intercom\n\n'
  jq -r '(.collections[], .changes[]) | "- \(.path)"' "$out/pull.json" | tr -d '@'
  if [ "${HELPBOOK_CO_AUTHORS:-true}" = true ]; then
    printf '\n'
    jq -r "[.changes[].by | select(.email != null and (.email | test(\"^[^ <>@[:cntrl:]]+@[^ <>@[:cntrl:]]+\$\")))]
      | unique_by(.email)[] | \"Co-authored-by: \(.name // .email | $plain) <\(.email)>\"" "$out/pull.json"
  fi
} >"$out/message"
{
  printf 'Teammates changed these articles in Intercom. helpbook took their changes into the files; nothing changes in Intercom.\n\n| file | what | by |\n|---|---|---|\n'
  jq -r "def cell: $plain | gsub(\"[|]\"; \"/\") | \"\`\(.)\`\";
    (.collections[] | \"| \(.path | cell) | collection | |\"),
    (.changes[] | \"| \(.path | cell) | \(if .conflicts > 0 then \"**\(.conflicts) to decide**: \" else \"\" end)\(if .what == \"new\" then \"new\" else (.fields | join(\", \")) end) | \(.by.name // \"somebody\" | cell) |\")" "$out/pull.json"
  if [ "$code" = 3 ]; then
    printf '\nWhere both sides changed the same lines, both are in the file between conflict markers. Choose one in this branch; until then `helpbook check` fails.\n'
  fi
  if [ "$code" = 1 ]; then
    printf '\nNot everything could be taken; the log of the job says what.\n'
  fi
  if [ -n "$starts_no_checks" ]; then printf '\n%s\n' "$starts_no_checks"; fi
} >"$out/body.md"

git -C "$root" add --all -- "$workdir" ':(glob)**/helpbook.lock'
if git -C "$root" diff --cached --quiet; then
  output write-back none
  judge none "$code"
  exit 0
fi
local_commit "$(cat "$out/message")"
mine=$(git -C "$root" rev-parse HEAD)
if [ -n "$on" ]; then
  commit_on "$on" "$mine" "$out/message" || { refusal; fail "the branch $on could not be written; the next run tries it again"; }
else
  replace_branch "$pull_branch" "$mine" "$out/message" || { refusal; fail "the branch $pull_branch could not be written; the next run tries it again"; }
fi
output commit "$made"
if ! pull_request "$pull_branch" "Changes from Intercom" "$out/body.md"; then
  refusal
  fail "the changes are in the branch $pull_branch, and the $request could not be opened: open it by hand, or $allow_requests"
fi
output write-back pull-request
output pull-request "$pull_request"
{
  printf '## Help Center: pulled\n\nIn %s %s%s\n\n' "$request" "$sign" "$pull_request"
  cat "$out/body.md"
} | summary
judge none "$code"
