# shellcheck shell=bash disable=SC2154
# Keeps one comment on the pull or merge request: the report of the plan. It is sourced. It never fails the job: where
# the token may only read, as on a fork's request, the job says the same.
#
# Its own comment is one that the host says is ours and that holds the hidden mark; anybody may write the mark into a
# comment of theirs.

# Writes the report into the comment of the request, which is made where there is none.
comment() {
  local id mark="<!-- helpbook plan$suffix -->"
  # The host takes no longer comment; then only the summary, which comes first, is shown.
  {
    printf '%s\n' "$mark"
    cat "$out/report.md"
  } >"$out/comment.md"
  if [ "$(LC_ALL=C.UTF-8 wc -m <"$out/comment.md")" -gt "$longest" ]; then
    {
      printf '%s\n' "$mark"
      # Not cut by a pipe: what ends early there fails what writes into it.
      head -c 20000 <<<"$(sed '/^<details/,$d' "$out/report.md")"
      printf '\n\nThe changes are too many for a comment; %s and the HTML report show them.\n' "$shown_too"
    } >"$out/comment.md"
  fi
  id=$(find_comment "$request_number" "$mark") || {
    not_written
    return 0
  }
  # A request that changes no article gets no comment.
  if [ -z "$id" ] && [ -f "$out/plan.json" ] &&
    jq -e '[.changes[] | select(.action != "orphan")] | length == 0' "$out/plan.json" >/dev/null; then
    return 0
  fi
  write_comment "$request_number" "$id" "$out/comment.md" || not_written
}

not_written() {
  shielded cat "$out/refusal"
  notice "the comment could not be written, as the token of this run may only read, or the host did not answer; $shown_too says the same"
}
