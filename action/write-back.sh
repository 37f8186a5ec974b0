# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# Brings what helpbook wrote, ids and lock, back to the branch that the docs live on. It is sourced.
#
# One commit, on the head that was expected. Where the branch moved, the
# change is laid on its new head. Where it is protected, the change goes to a branch of its own
# with a pull or merge request; until that is merged, the next run takes the ids from there.

# Takes the ids that wait in such a request, into the index and the work tree. Only ids and the
# lock are taken: a text that nobody reviewed must not get in by this door.
take_waiting_ids() {
  local head base
  head=$(remote_head "$ids_branch")
  [ -n "$head" ] || return 0
  fetched "$ids_branch" >/dev/null || return 0
  base=$(git -C "$root" merge-base HEAD "$head") || return 0
  if ! holds_only_ids "$base" "$head"; then
    warn "the branch $ids_branch holds more than ids and the lock; nothing is taken from it"
    return 0
  fi
  if ! git -C "$root" merge --quiet --squash "$head" >"$out/merge" 2>&1; then
    if [ -z "$(git -C "$root" diff --name-only --diff-filter=U)" ]; then
      shielded cat "$out/merge"
      fail "the ids of the branch $ids_branch cannot be taken"
    fi
    settle_conflicts "$head"
  fi
  merge_locks "$base" "$head"
}

# Asks helpbook about ids in files and about locks: `helpbook ids --help` says what there is.
ids() { without_tokens helpbook --color never ids "$@"; }

# The file $2 as it is in the commit $1, into the file $3; an empty one where it is not there.
version() {
  git -C "$root" show "$1:$2" >"$3" 2>/dev/null || : >"$3"
}

# Whether the commits from $1 to $2 add ids to files, index files with ids and the lock, and nothing
# else. What an id in a file looks like is for `helpbook ids` to say.
holds_only_ids() {
  local path status
  while IFS= read -r -d '' status && IFS= read -r -d '' path; do
    case $status:${path##*/} in
      [AM]:helpbook.lock) continue ;;
      A:_index.md | M:*.md) ;;
      *) return 1 ;;
    esac
    version "$1" "$path" "$out/before"
    version "$2" "$path" "$out/after"
    ids check "$out/before" "$out/after" 2>/dev/null || return 1
  done < <(git -C "$root" diff -z --no-renames --name-status "$1" "$2")
}

# A commit on this machine.
local_commit() {
  git -C "$root" -c commit.gpgsign=false -c core.hooksPath=/dev/null commit --quiet --no-verify -m "$1"
}

# Adds ids and lock to the index: files that `images.upload` may have left are none of ours.
add_ids() {
  local path
  while IFS= read -r -d '' path; do
    git -C "$root" add -- "$path"
  done < <(
    git -C "$root" ls-files -z --modified -- "$workdir/*.md" ':(glob)**/helpbook.lock'
    git -C "$root" ls-files -z --others --exclude-standard -- "$workdir/*_index*.md" ':(glob)**/helpbook.lock'
  )
}

# Lays the change of the local commit $1 on the commit $2, with the ids that wait for a person,
# as one commit with the message $3. It is left in $laid; empty where nothing is left to do.
lay_on() {
  laid=
  git -C "$root" checkout --quiet --force --detach "$2"
  take_waiting_ids
  if ! git -C "$root" diff --cached --quiet; then local_commit "waiting ids"; fi
  if ! git -C "$root" cherry-pick --no-commit "$1" >/dev/null 2>&1; then settle_conflicts "$1"; fi
  merge_locks "$1^" "$1"
  local tree
  tree=$(git -C "$root" write-tree)
  if [ "$tree" != "$(tree_of "$2")" ]; then
    git -C "$root" reset --quiet --soft "$2"
    local_commit "$3"
    laid=$(git -C "$root" rev-parse HEAD)
  fi
}

# Where both sides changed the same lines, the branch's text counts and gets the id that the file has
# in the commit $1.
settle_conflicts() {
  local path
  while IFS= read -r -d '' path; do
    if git -C "$root" checkout --quiet --ours -- "$path" 2>/dev/null; then
      version "$1" "$path" "$out/theirs"
      shielded ids copy "$out/theirs" "$root/$path" || warn "the id of $path is not written"
      git -C "$root" add -- "$path"
    else
      # It was deleted on the branch.
      git -C "$root" rm --quiet --cached --ignore-unmatch -- "$path"
      rm -f "$root/$path"
    fi
  done < <(git -C "$root" diff -z --name-only --diff-filter=U)
}

# Merges the lock of HEAD with that of the commit $2, record by record; $1 is what both come from.
# Git's own merge, which knows lines alone, is replaced.
merge_locks() {
  local path
  while IFS= read -r -d '' path; do
    version "$1" "$path" "$out/base"
    mkdir -p "$(dirname "$root/$path")"
    version HEAD "$path" "$root/$path"
    version "$2" "$path" "$out/theirs"
    ids merge-lock "$out/base" "$root/$path" "$out/theirs"
    git -C "$root" add -- "$path"
  done < <(git -C "$root" diff -z --no-renames --diff-filter=d --name-only "$1" "$2" -- ':(glob)**/helpbook.lock')
}

# Writes back what changed since the checkout, with the message $1. Sets the outputs `commit`, which
# is the commit that holds it, and `write-back`: none, commit or pull-request.
write_back() {
  local change tip try code message="$out/message"
  printf '%s\n' "$1" >"$message"
  add_ids
  if git -C "$root" diff --cached --quiet; then
    wrote none "$(git -C "$root" rev-parse HEAD)"
    return 0
  fi
  local_commit "$1"
  change=$(git -C "$root" rev-parse HEAD)
  for try in 1 2 3 4 5; do
    tip=$(fetched "$branch")
    lay_on "$change" "$tip" "$1"
    if [ -z "$laid" ]; then
      wrote none "$tip"
      return 0
    fi
    code=0
    commit_on "$branch" "$laid" "$message" || code=$?
    case $code in
      0)
        # What waited for a person is in that commit, too.
        if [ -n "$(remote_head "$ids_branch")" ]; then
          delete_branch "$ids_branch"
        fi
        wrote commit "$made"
        return 0
        ;;
      2) notice "$branch moved while ids were written back; try $((try + 1))" ;;
      *) break ;;
    esac
  done
  refusal
  write_back_beside "$1"
}

# The way for a protected branch.
write_back_beside() {
  local body="$out/body.md"
  if ! replace_branch "$ids_branch" "$laid" "$out/message"; then
    refusal
    fail "ids and lock could be written neither to $branch nor to $ids_branch; nothing is lost, the next run finds the articles by title and text"
  fi
  {
    printf 'helpbook created articles in Intercom, or read what is there. This brings their ids and `helpbook.lock` into the docs, so that every later run knows them.\n\n'
    printf 'It changes no text. Merge it soon; until then each run takes the ids from this branch.\n'
    if [ -n "$starts_no_checks" ]; then printf '\n%s\n' "$starts_no_checks"; fi
  } >"$body"
  if ! pull_request "$ids_branch" "Keep ids and lock of the Help Center" "$body"; then
    refusal
    fail "ids and lock are safe in the branch $ids_branch, and the $request could not be opened: open it by hand, or $allow_requests"
  fi
  notice "$branch takes no commit of this job; ids and lock wait in $request $sign$pull_request"
  wrote pull-request "$made"
}

# Describes what was written, as the message of the commit that holds it.
wrote() {
  remote_git fetch --quiet --no-tags "$remote" "$2" 2>/dev/null || true
  git -C "$root" checkout --quiet --force --detach "$2"
  commit=$2
  output write-back "$1"
  output commit "$2"
}
