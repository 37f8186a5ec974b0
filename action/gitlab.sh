# shellcheck shell=bash disable=SC2034,SC2154
# What is asked of GitLab: one commit on a branch, one merge request, note and issue, approvals, what a job handed on.
# It is sourced.
#
# Branches are written by Git, which refuses what is no longer as it was; the rest is asked of the API with curl, JSON
# in and out. The token is in no argument, no file and no address. No redirect is followed.

project=${CI_MERGE_REQUEST_PROJECT_ID:-${CI_PROJECT_ID:?}}
remote="${CI_PROJECT_URL:?}.git"

# How many characters a note may have.
longest=1000000

# What the author of a commit of ours looks like, for `grep -E`.
robot='^helpbook <'

# What a person can do where a request is refused; GitLab runs its pipelines on merge requests of ours, too.
allow_requests='give HELPBOOK_GITLAB_TOKEN the scope api and the role Developer'
allow_issues='give HELPBOOK_GITLAB_TOKEN or HELPBOOK_NOTE_TOKEN the scope api'
starts_no_checks=''

# Git with a token: that of the project where there is one, else the job's, which may only read.
remote_git() {
  # shellcheck disable=SC2016 # Git's shell reads the variables.
  git -C "$root" -c credential.helper= -c credential.helper='!f() {
    test "$1" = get || return 0
    if test -n "$HELPBOOK_GITLAB_TOKEN"; then
      printf "username=oauth2\npassword=%s\n" "$HELPBOOK_GITLAB_TOKEN"
    else
      printf "username=gitlab-ci-token\npassword=%s\n" "$CI_JOB_TOKEN"
    fi
  }; f' "$@"
}

# A request to the API: method, path, and a file with JSON where it has a body. The answer is left in answer.json, why
# it was refused in refusal. A read is tried again.
api() {
  local status token=${HELPBOOK_GITLAB_TOKEN:-${HELPBOOK_NOTE_TOKEN:-}} more=()
  case $token in
    '') printf 'there is no token for GitLab in HELPBOOK_GITLAB_TOKEN or HELPBOOK_NOTE_TOKEN\n' >"$out/refusal" && return 1 ;;
    *[!0-9A-Za-z._-]*) printf 'the token for GitLab holds characters that a token has not\n' >"$out/refusal" && return 1 ;;
  esac
  if [ "$1" = GET ]; then more+=(--retry 3 --retry-delay "${HELPBOOK_RETRY_SECONDS:-2}"); fi
  if [ -n "${3:-}" ]; then more+=(--header 'Content-Type: application/json' --data-binary "@$3"); fi
  : >"$out/answer.json"
  status=$(printf 'header = "PRIVATE-TOKEN: %s"\n' "$token" |
    curl --disable --config - --silent --show-error --max-time 60 --request "$1" "${more[@]}" \
      --dump-header "$out/headers" --output "$out/answer.json" --write-out '%{http_code}' "${CI_API_V4_URL:?}/$2" \
      2>"$out/refusal") || return 1
  case $status in 2??) return 0 ;; esac
  {
    printf 'GitLab refused %s /%s: %s ' "$1" "${2%%\?*}" "$status"
    jq -r '.message // .error // empty | tostring' "$out/answer.json" 2>/dev/null || true
  } >"$out/refusal"
  return 1
}

# Ends the job where nothing could be written back, before anything is sent to Intercom. Commits are by the user of the
# token, which rules of a project may ask for.
may_write_back() {
  local email
  [ -n "${HELPBOOK_GITLAB_TOKEN:-}" ] ||
    fail "there is no token that may write to this project: set the CI/CD variable HELPBOOK_GITLAB_TOKEN to a project access token with the scopes api and write_repository"
  api GET user || {
    refusal
    fail "GitLab does not take the token in HELPBOOK_GITLAB_TOKEN"
  }
  email=$(jq -r '.commit_email // .email // .public_email // empty' "$out/answer.json")
  export GIT_AUTHOR_NAME=helpbook GIT_COMMITTER_NAME=helpbook
  export GIT_AUTHOR_EMAIL=${email:-"helpbook@noreply.${CI_SERVER_HOST:-localhost}"}
  export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
}

# Says why GitLab refused the last request.
refusal() { shielded cat "$out/refusal"; }

# Makes the local commit $2 the head of the remote's branch $1, whose head has to be its parent. The commit is left in
# $made. Gives back 2 where the head has moved, 3 where GitLab refuses. No pipeline starts for what it writes.
commit_on() {
  local try head expected
  made=
  expected=$(git -C "$root" rev-parse "$2^")
  for try in 1 2 3; do
    remote_git push --quiet --push-option=ci.skip "$remote" "$2:refs/heads/$1" >"$out/refusal" 2>&1 || true
    # Whatever the answer was, or if none came: what is there now is what counts.
    head=$(remote_head "$1")
    if [ "$head" = "$2" ]; then
      made=$2
      return 0
    fi
    [ "$head" = "$expected" ] || return 2
    sleep "${HELPBOOK_RETRY_SECONDS:-$((try * 2))}"
  done
  return 3
}

# Makes the branch $1 of the remote hold the local commit $2, and nothing else above $2's parent.
replace_branch() {
  local head
  made=
  head=$(remote_head "$1")
  if says_the_same "$head" "$2"; then
    made=$head
    return 0
  fi
  remote_git push --quiet --force-with-lease="refs/heads/$1:$head" "$remote" "$2:refs/heads/$1" >"$out/refusal" 2>&1 || true
  made=$2
  [ "$(remote_head "$1")" = "$2" ]
}

# Removes a branch of the remote, and closes its merge request.
delete_branch() {
  local number
  number=$(open_pull_request_of "$1") || number=
  if [ -n "$number" ]; then
    printf '{"state_event": "close"}' >"$out/request.json"
    api PUT "projects/$project/merge_requests/$number" "$out/request.json" || true
  fi
  remote_git push --quiet "$remote" ":refs/heads/$1" >"$out/refusal" 2>&1 || true
}

# Merges the branch $2 into the branch $1, on the remote.
merge_into() {
  local code=0
  git -C "$root" checkout --quiet --detach "$(fetched "$1")"
  git -C "$root" -c commit.gpgsign=false -c core.hooksPath=/dev/null merge --quiet --no-edit \
    -m "Merge $2 into $1" "$(fetched "$2")" >"$out/refusal" 2>&1 || code=1
  if [ "$code" = 0 ]; then
    remote_git push --quiet "$remote" "HEAD:refs/heads/$1" >"$out/refusal" 2>&1 || code=1
  else
    git -C "$root" merge --abort || true
  fi
  return "$code"
}

# The open merge request of a branch: its number, or nothing.
open_pull_request_of() {
  api GET "projects/$project/merge_requests?state=opened&per_page=1&source_branch=$(uri "$1")&target_branch=$(uri "$branch")" ||
    return 1
  jq -r '.[0].iid // ""' "$out/answer.json"
}

# Opens a merge request of the branch $1 with the title $2 and the text of the file $3, or brings the open one up to
# date. Its number is left in $pull_request.
pull_request() {
  local method=POST path="projects/$project/merge_requests"
  pull_request=$(open_pull_request_of "$1") || return 1
  without_quick_actions "$3" >"$out/text.md"
  if [ -n "$pull_request" ]; then method=PUT path="$path/$pull_request"; fi
  jq -n --arg method "$method" --arg title "$2" --arg head "$1" --arg base "$branch" --rawfile body "$out/text.md" '
    {title: $title, description: $body}
    + if $method == "POST" then {source_branch: $head, target_branch: $base, remove_source_branch: true} else {} end' \
    >"$out/request.json"
  api "$method" "$path" "$out/request.json" || return 1
  pull_request=$(jq -r .iid "$out/answer.json")
}

# A text in which GitLab finds no command: it takes a line that starts with a slash for one.
without_quick_actions() { sed 's|^/| /|' "$1"; }

# Of the list at the path $1, page by page, the first one that is by the user of the token and whose $2 starts with the
# mark $3: its $4, or nothing. Anybody may write the mark into a text of theirs.
ours() {
  local me page=1
  api GET user || return 1
  me=$(jq .id "$out/answer.json")
  while [ -n "$page" ]; do
    api GET "$1&per_page=100&page=$page" || return 1
    jq -r --argjson me "$me" --arg text "$2" --arg mark "$3" --arg field "$4" '[.[]
      | select(.author.id == $me and (.[$text] // "" | startswith($mark)))][0][$field] // empty' "$out/answer.json" >"$out/id"
    if [ -s "$out/id" ]; then
      cat "$out/id"
      return 0
    fi
    page=$(awk 'tolower($1) == "x-next-page:" { print $2 }' "$out/headers" | tr -cd 0-9)
  done
}

# The id of our note with the mark $2 on the merge request $1, or nothing.
find_comment() { ours "projects/$project/merge_requests/$1/notes?sort=asc&order_by=created_at" body "$2" id; }

# Makes the note $2 of the merge request $1, or a new one where $2 is empty, say what is in the file $3.
write_comment() {
  without_quick_actions "$3" >"$out/text.md"
  jq -n --rawfile body "$out/text.md" '{body: $body}' >"$out/request.json"
  if [ -n "$2" ]; then
    api PUT "projects/$project/merge_requests/$1/notes/$2" "$out/request.json"
  else
    api POST "projects/$project/merge_requests/$1/notes" "$out/request.json"
  fi
}

# The number of our open issue with the mark $1, or nothing.
find_issue() { ours "projects/$project/issues?state=opened&scope=all" description "$1" iid; }

# Makes the issue $1, or a new one where $1 is empty, say what is in the file $3 under the title $2; $4 is open or
# closed. Its number is left in $issue.
write_issue() {
  local method=POST path="projects/$project/issues"
  issue=$1
  without_quick_actions "$3" >"$out/text.md"
  if [ -n "$issue" ]; then method=PUT path="$path/$issue"; fi
  jq -n --arg title "$2" --rawfile body "$out/text.md" --arg state "$4" '
    {title: $title, description: $body} + if $state == "closed" then {state_event: "close"} else {} end' >"$out/request.json"
  api "$method" "$path" "$out/request.json" || return 1
  issue=$(jq -r .iid "$out/answer.json")
}

# Whether somebody has to approve a publish: `required` where GitLab says that the environment is protected and asks
# for approvals, else `none`. Whatever goes wrong, the answer is `none`.
approval() {
  local environment=${HELPBOOK_ENVIRONMENT:-help-center}
  if api GET "projects/$project/protected_environments/$(uri "$environment")" &&
    jq -e '(.required_approval_count // 0) > 0 or ([.approval_rules[]? | select((.required_approvals // 0) > 0)] | length > 0)' \
      "$out/answer.json" >/dev/null; then
    echo required
  else
    echo none
  fi
}

# Leaves where nobody started this job by hand, and nobody had to approve it. It runs on the branch alone.
asked() {
  run=${CI_PIPELINE_ID:?}
  if [ "${CI_COMMIT_BRANCH:-}" != "$branch" ]; then fail "only a pipeline of $branch publishes; nothing was published" 64; fi
  if [ "${CI_JOB_MANUAL:-}" != true ] && [ "$(approval)" != required ]; then
    leave "nobody started this job by hand, and the environment \`${HELPBOOK_ENVIRONMENT:-help-center}\` asks for no approval. Let the job be \`when: manual\`."
  fi
}

# Says in a folder that is handed on which pipeline it is from.
stamp() { printf '%s\n' "${CI_PIPELINE_ID:?}" >"$1/pipeline"; }

# Brings what the job of this pipeline that staged handed on into $out/staged; GitLab put it into the checkout.
take_staged() {
  if [ "$(cat "$kept/staged/pipeline" 2>/dev/null)" != "$run" ]; then
    leave "the job that stages handed on nothing in pipeline $run. Run that job again."
  fi
  mv "$kept/staged" "$out/staged"
}
