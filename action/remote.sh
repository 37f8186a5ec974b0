# shellcheck shell=bash disable=SC2154
# What is asked of the remote by Git alone, whatever the host: branches and what they point to. It is sourced, and
# sources what is asked of the host.

# shellcheck source=github.sh
. "$here/$host.sh"

# The commit that a branch of the remote points to; empty where there is no such branch.
remote_head() {
  local line
  line=$(remote_git ls-remote "$remote" "refs/heads/$1")
  printf %s "${line%%[[:space:]]*}"
}

# Brings a branch of the remote, and gives its commit.
fetched() {
  remote_git fetch --quiet --no-tags "$remote" "+refs/heads/$1:refs/remotes/origin/$1"
  git -C "$root" rev-parse --verify --quiet "refs/remotes/origin/$1^{commit}"
}

tree_of() { git -C "$root" rev-parse "$1^{tree}"; }

# Whether the head $1 of a branch of the remote, if there is one, has the files of the commit $2.
says_the_same() {
  [ -n "$1" ] || return 1
  remote_git fetch --quiet --no-tags "$remote" "$1" || return 1
  [ "$(tree_of "$1")" = "$(tree_of "$2")" ]
}

uri() { jq -rn --arg text "$1" '$text | @uri'; }
