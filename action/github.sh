# shellcheck shell=bash disable=SC2154
# What is asked of GitHub: refs, one commit on a branch, one pull request. It is sourced.
#
# `gh api` alone, with JSON in and out. Git reads the remote with the same token, which never
# is in a file. Nothing here runs helpbook.

repository=${GITHUB_REPOSITORY:?}

# Git with the job's token, for fetching.
remote_git() {
  git -C "$root" -c credential.helper= -c credential.helper='!gh auth git-credential' "$@"
}

# The commit that a branch of the remote points to; empty where there is no such branch.
remote_head() {
  local line
  line=$(remote_git ls-remote origin "refs/heads/$1")
  printf %s "${line%%[[:space:]]*}"
}

# Brings a branch of the remote, and gives its commit.
fetched() {
  remote_git fetch --quiet --no-tags origin "+refs/heads/$1:refs/remotes/origin/$1"
  git -C "$root" rev-parse --verify --quiet "refs/remotes/origin/$1^{commit}"
}

tree_of() { git -C "$root" rev-parse "$1^{tree}"; }

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
      remote_git fetch --quiet --no-tags origin "$head"
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
  if [ -n "$head" ]; then
    remote_git fetch --quiet --no-tags origin "$head"
    if [ "$(tree_of "$head")" = "$(tree_of "$2")" ]; then
      made=$head
      return 0
    fi
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
  ref DELETE "repos/$repository/git/refs/heads/$beside" '' || true
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

# The open pull request of a branch: its number, or nothing.
open_pull_request_of() {
  gh api "repos/$repository/pulls?state=open&per_page=1&base=$(uri "$branch")&head=$(uri "${repository%%/*}:$1")" |
    jq -r '.[0].number // ""'
}

uri() { jq -rn --arg text "$1" '$text | @uri'; }

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
