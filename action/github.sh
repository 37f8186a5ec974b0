# shellcheck shell=bash disable=SC2034,SC2016,SC2154
# What is asked of GitHub: refs, one commit on a branch, one pull request, comment and issue, approvals, runs. It is
# sourced.
#
# `gh api` alone, with JSON in and out. Git reads the remote with the same token, which never
# is in a file. Nothing here runs helpbook.

repository=${GITHUB_REPOSITORY:?}
remote=origin

# How many characters a comment may have.
longest=65536

# Git wants a name even for what never leaves this machine; it is that of GitHub's own robot.
export GIT_AUTHOR_NAME='github-actions[bot]' GIT_COMMITTER_NAME='github-actions[bot]'
export GIT_AUTHOR_EMAIL='41898282+github-actions[bot]@users.noreply.github.com'
export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
# What the author of a commit of ours looks like, for `grep -E`.
robot='<[0-9]+\+github-actions\[bot\]@users\.noreply\.github\.com>$'

# What a person can do where no pull request may be opened, and why checks do not run on one of ours.
allow_requests="tick 'Allow GitHub Actions to create and approve pull requests' in the settings of the repository"
allow_issues='give the job the permission issues: write'
starts_no_checks='A pull request that a workflow opens starts no checks. If checks are required here, close it and open it again, and they run.'

# Git with the job's token, for fetching.
remote_git() {
  git -C "$root" -c credential.helper= -c credential.helper='!gh auth git-credential' "$@"
}

# The request that makes a commit of $3's changes against its parent $2 on the branch $1, with the
# message of the file $4.
commit_request() {
  local additions="$out/additions" deletions="$out/deletions" status path
  : >"$additions"
  : >"$deletions"
  git -C "$root" diff-tree -r -z --no-renames --name-status "$2" "$3" |
    while IFS= read -r -d '' status && IFS= read -r -d '' path; do
      if [ "$status" = D ]; then
        jq -cn --arg path "$path" '{path: $path}' >>"$deletions"
      else
        git -C "$root" cat-file blob "$3:$path" | base64 | tr -d '\n' >"$out/contents"
        jq -cn --arg path "$path" --rawfile contents "$out/contents" \
          '{path: $path, contents: $contents}' >>"$additions"
      fi
    done
  jq -n --arg repository "$repository" --arg branch "$1" --arg expected "$2" --rawfile message "$4" \
    --slurpfile additions "$additions" --slurpfile deletions "$deletions" '
    ($message | split("\n")) as $lines | {
      query: "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }",
      variables: { input: {
        branch: { repositoryNameWithOwner: $repository, branchName: $branch },
        expectedHeadOid: $expected,
        message: { headline: $lines[0], body: ($lines[1:] | join("\n") | ltrimstr("\n") | rtrimstr("\n")) },
        fileChanges: { additions: $additions, deletions: $deletions }
      } } }'
}

# Makes the local commit $2 on the remote's branch $1, whose head has to be the parent of $2. The
# new commit is left in $made. Gives back 2 where the head has moved, 3 where GitHub refuses.
commit_on() {
  local try head expected
  made=
  expected=$(git -C "$root" rev-parse "$2^")
  commit_request "$1" "$expected" "$2" "$3" >"$out/request.json" || return 3
  for try in 1 2 3; do
    if gh api graphql --input "$out/request.json" >"$out/answer.json" 2>"$out/refusal"; then
      made=$(jq -r '.data.createCommitOnBranch.commit.oid // ""' "$out/answer.json")
    fi
    # Whatever the answer was, or if none came: what is there now is what counts.
    head=$(remote_head "$1")
    if [ "$head" != "$expected" ]; then
      [ -n "$head" ] || return 2
      remote_git fetch --quiet --no-tags "$remote" "$head"
      if [ "$(tree_of "$head")" = "$(tree_of "$2")" ] && [ "$(git -C "$root" rev-parse "$head^")" = "$expected" ]; then
        made=$head
        return 0
      fi
      return 2
    fi
    sleep "${HELPBOOK_RETRY_SECONDS:-$((try * 2))}"
  done
  return 3
}

# Says why GitHub refused the last request.
refusal() {
  shielded cat "$out/refusal"
  shielded jq -r '(.errors // [])[] | .message // empty' "$out/answer.json" || true
}

# Makes the branch $1 of the remote hold the local commit $2, and nothing else above $2's parent.
# The commit is made beside it first, so a pull request is never seen empty, and closed for that.
replace_branch() {
  local beside head
  made=
  head=$(remote_head "$1")
  if says_the_same "$head" "$2"; then
    made=$head
    return 0
  fi
  beside="$1-${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-1}"
  ref POST "repos/$repository/git/refs" "{\"ref\": \"refs/heads/$beside\", \"sha\": \"$(git -C "$root" rev-parse "$2^")\"}" ||
    [ -n "$(remote_head "$beside")" ] || return 1
  if commit_on "$beside" "$2" "$3"; then
    if [ -n "$head" ]; then
      ref PATCH "repos/$repository/git/refs/heads/$1" "{\"sha\": \"$made\", \"force\": true}" || true
    else
      ref POST "repos/$repository/git/refs" "{\"ref\": \"refs/heads/$1\", \"sha\": \"$made\"}" || true
    fi
  fi
  delete_branch "$beside"
  [ "$(remote_head "$1")" = "${made:-none}" ]
}

# A request about a ref.
ref() {
  if [ -z "$3" ]; then
    gh api --method "$1" "$2" >"$out/answer.json" 2>"$out/refusal"
  else
    gh api --method "$1" "$2" --input - >"$out/answer.json" 2>"$out/refusal" <<<"$3"
  fi
}

# Removes a branch of the remote, and with it closes its pull request.
delete_branch() { ref DELETE "repos/$repository/git/refs/heads/$1" '' || true; }

# Merges the branch $2 into the branch $1, on the remote.
merge_into() {
  ref POST "repos/$repository/merges" "$(jq -n --arg base "$1" --arg head "$2" '{base: $base, head: $head}')"
}

# The open pull request of a branch: its number, or nothing.
open_pull_request_of() {
  gh api "repos/$repository/pulls?state=open&per_page=1&base=$(uri "$branch")&head=$(uri "${repository%%/*}:$1")" |
    jq -r '.[0].number // ""'
}

# Opens a pull request of the branch $1 with the title $2 and the text of the file $3, or brings the
# open one up to date. Its number is left in $pull_request.
pull_request() {
  local method=POST path="repos/$repository/pulls"
  pull_request=$(open_pull_request_of "$1") || return 1
  if [ -n "$pull_request" ]; then method=PATCH path="$path/$pull_request"; fi
  jq -n --arg title "$2" --arg head "$1" --arg base "$branch" --rawfile body "$3" \
    '{title: $title, body: $body, head: $head, base: $base}' >"$out/request.json"
  if [ "$method" = PATCH ]; then
    jq 'del(.head, .base)' "$out/request.json" >"$out/smaller.json"
    mv "$out/smaller.json" "$out/request.json"
  fi
  gh api --method "$method" "$path" --input "$out/request.json" >"$out/answer.json" 2>"$out/refusal" || return 1
  pull_request=$(jq -r .number "$out/answer.json")
}

# Ends the job where nothing could be written back. The token of a job of GitHub may always try.
may_write_back() { :; }

# Says in a folder that is handed on where it is from. GitHub knows of which run an artifact is.
stamp() { :; }

# Of the connection that $1 names in the answer to the query of the file $2, page by page, the first node that GitHub
# says is ours and whose body starts with the mark $3: its $4, or nothing. Anybody may write the mark into a text of
# theirs.
ours() {
  local after=null
  while :; do
    jq --argjson after "$after" '.variables.after = $after' "$2" >"$out/request.json"
    gh api graphql --input "$out/request.json" >"$out/answer.json" 2>"$out/refusal" || return 1
    jq -r --arg mark "$3" --arg field "$4" "[.data.repository.$1.nodes[]
      | select(.viewerDidAuthor and (.body | startswith(\$mark)))][0][\$field] // empty" "$out/answer.json" >"$out/id"
    if [ -s "$out/id" ]; then
      cat "$out/id"
      return 0
    fi
    after=$(jq -c ".data.repository.$1.pageInfo | if .hasNextPage then .endCursor else null end" "$out/answer.json")
    [ "$after" != null ] || return 0
  done
}

# A query about the repository with the arguments $1, the fields $2 and the number $3, which may be null.
query() {
  jq -n --arg owner "${repository%%/*}" --arg name "${repository#*/}" --argjson number "$3" \
    --arg query "query(\$owner: String!, \$name: String!, \$after: String$1) { repository(owner: \$owner, name: \$name) { $2 } }" \
    '{query: $query, variables: ({owner: $owner, name: $name} + if $number == null then {} else {number: $number} end)}' \
    >"$out/query.json"
}

# The id of our comment with the mark $2 on the pull request $1, or nothing.
find_comment() {
  query ', $number: Int!' 'pullRequest(number: $number) { comments(first: 100, after: $after) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } } }' "$1"
  ours pullRequest.comments "$out/query.json" "$2" databaseId
}

# Makes the comment $2 of the pull request $1, or a new one where $2 is empty, say what is in the file $3.
write_comment() {
  jq -n --rawfile body "$3" '{body: $body}' >"$out/request.json"
  if [ -n "$2" ]; then
    gh api --method PATCH "repos/$repository/issues/comments/$2" --input "$out/request.json" >/dev/null 2>"$out/refusal"
  else
    gh api --method POST "repos/$repository/issues/$1/comments" --input "$out/request.json" >/dev/null 2>"$out/refusal"
  fi
}

# The number of our open issue with the mark $1, or nothing.
find_issue() {
  query '' 'issues(first: 100, after: $after, states: OPEN) { nodes { number viewerDidAuthor body } pageInfo { hasNextPage endCursor } }' null
  ours issues "$out/query.json" "$1" number
}

# Makes the issue $1, or a new one where $1 is empty, say what is in the file $3 under the title $2; $4 is open or
# closed. Its number is left in $issue.
write_issue() {
  issue=$1
  jq -n --arg title "$2" --rawfile body "$3" --arg state "$4" '{title: $title, body: $body, state: $state}' >"$out/request.json"
  if [ -n "$issue" ]; then
    gh api --method PATCH "repos/$repository/issues/$issue" --input "$out/request.json" >/dev/null 2>"$out/refusal"
    return
  fi
  jq 'del(.state)' "$out/request.json" >"$out/smaller.json"
  gh api --method POST "repos/$repository/issues" --input "$out/smaller.json" >"$out/answer.json" 2>"$out/refusal" || return 1
  issue=$(jq -r .number "$out/answer.json")
}

# Whether somebody has to approve a publish: `required` where GitHub says that the environment has required
# reviewers, else `none`. Whatever goes wrong, the answer is `none`.
approval() {
  local environment=${HELPBOOK_ENVIRONMENT:-help-center}
  if gh api "repos/$repository/environments/$(uri "$environment")" >"$out/environment.json" 2>"$out/refusal" &&
    jq -e '[.protection_rules[]? | select(.type == "required_reviewers") | .reviewers[]?] | length > 0' \
      "$out/environment.json" >/dev/null; then
    echo required
  else
    echo none
  fi
}

# Leaves where nobody asked for a publish, and nobody had to approve it.
asked() {
  run=${HELPBOOK_RUN:-}
  case $run in *[!0-9]*) fail "run is the number of a run, as in its address" 64 ;; esac
  if [ "$run" = "${GITHUB_RUN_ID:?}" ]; then
    # What this very run staged: somebody has to have approved it since.
    if [ "$(approval)" != required ]; then
      leave "the environment \`${HELPBOOK_ENVIRONMENT:-help-center}\` has no required reviewers, so nobody approved this. Add reviewers in the settings of the repository (private repositories need GitHub Enterprise for that), or publish with **Run workflow**."
    fi
  elif [ "${GITHUB_EVENT_NAME:-}" != workflow_dispatch ]; then
    leave "nobody asked for it: what an earlier run staged is published with **Run workflow** only."
  fi
}

# Brings what the run handed on whose stage job is meant, the one that was named, else the newest one on the branch,
# into $out/staged. The run is left in $run.
take_staged() {
  if [ "$run" != "$GITHUB_RUN_ID" ]; then trust_run; fi
  if ! gh run download "$run" --repo "$repository" --name "$staged_name" --dir "$out/staged" >"$out/refusal" 2>&1; then
    shielded cat "$out/refusal"
    leave "run $run handed on nothing that could be published, or it is too old. Run the stage job again."
  fi
}

# Chooses the run. Only one of this workflow, on the branch of this repository, is trusted.
trust_run() {
  local file=${GITHUB_WORKFLOW_REF:?}
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
  if ! jq -e --arg branch "$branch" --arg repository "$repository" --arg file "$file" '
    (.event == "push" or .event == "workflow_dispatch") and .head_branch == $branch and .path == $file
    and .repository.full_name == $repository and .head_repository.full_name == $repository' \
    "$out/run.json" >/dev/null; then
    fail "run $run is none of this workflow on $branch; nothing was published"
  fi
  run=$(jq -r .id "$out/run.json")
}
