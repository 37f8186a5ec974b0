#!/bin/sh
# Installs helpbook: fetches the archive for this machine, compares its SHA-256 with the release's
# list, and puts the program into place in one step. It needs no sudo, and leaves nothing half done.
#
#   curl -fsSL https://github.com/OWNER/helpbook/releases/latest/download/install.sh | sh
#
# HELPBOOK_VERSION      a version such as 0.1.0; without it the newest one
# HELPBOOK_INSTALL_DIR  where the program goes; without it ~/.local/bin
# HELPBOOK_REPOSITORY   another repository, as owner/name
# HELPBOOK_BASE_URL     another place with the same files: https, or http on this machine
set -eu

# The release fills both in.
released_repository='OWNER/helpbook'
released_version=''

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$1" >&2
  if [ -n "${2:-}" ]; then printf '\nhint: %s\n' "$2" >&2; fi
  exit 1
}

# The name that the archive of this machine has.
target() {
  case $(uname -s) in
    Linux) system=unknown-linux-musl ;;
    Darwin) system=apple-darwin ;;
    *) fail "there is no program for $(uname -s)" "on Windows run install.ps1; elsewhere build it with \`cargo install\`" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no program for $(uname -m)" "build it with \`cargo install\`" ;;
  esac
  # A translated shell on an Apple processor says x86_64.
  if [ "$system" = apple-darwin ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null || echo 0)" = 1 ]; then
    machine=aarch64
  fi
  printf '%s-%s' "$machine" "$system"
}

# Where the files of the release are.
base() {
  repository=${HELPBOOK_REPOSITORY:-$released_repository}
  version=${HELPBOOK_VERSION:-$released_version}
  version=${version#v}
  case $version in *[!0-9A-Za-z.+-]*) fail "\`$version\` is no version" "name one such as 0.1.0" ;; esac
  if [ -n "${HELPBOOK_BASE_URL:-}" ]; then
    printf '%s' "${HELPBOOK_BASE_URL%/}"
    return
  fi
  case $repository in
    OWNER/*) fail "this installer does not know the repository of helpbook" "set HELPBOOK_REPOSITORY to owner/name" ;;
    */*/* | *[!0-9A-Za-z._/-]*) fail "\`$repository\` is no repository" "set HELPBOOK_REPOSITORY to owner/name" ;;
    */*) ;;
    *) fail "\`$repository\` is no repository" "set HELPBOOK_REPOSITORY to owner/name" ;;
  esac
  if [ -n "$version" ]; then
    printf 'https://github.com/%s/releases/download/v%s' "$repository" "$version"
  else
    printf 'https://github.com/%s/releases/latest/download' "$repository"
  fi
}

# Fetches an address into a file. Only https, but on this machine; a redirect is https as well.
fetch() {
  case $1 in
    https://*) protocol='=https' ;;
    http://127.0.0.1:* | http://127.0.0.1/* | http://localhost:* | http://localhost/*) protocol='=http' ;;
    *) fail "$1 is not https" "set HELPBOOK_BASE_URL to an https address, or leave it out" ;;
  esac
  case $1 in *@*) fail "the address must not name a user" "take everything before the @ out of HELPBOOK_BASE_URL" ;; esac
  if command -v curl >/dev/null 2>&1; then
    curl --proto "$protocol" --proto-redir '=https' --tlsv1.2 --fail --silent --show-error --location \
      --retry 3 --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1 && [ "$protocol" = '=https' ]; then
    wget --https-only --quiet --output-document="$2" "$1"
  else
    fail "neither curl nor wget is here" "install curl"
  fi || fail "$1 cannot be fetched; nothing was installed" "look whether that version exists, and try again"
}

digest() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum <"$1"
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 <"$1"
  elif command -v openssl >/dev/null 2>&1; then
    openssl dgst -sha256 -r <"$1"
  else
    fail "nothing here can compute a SHA-256; nothing was installed" "install coreutils or openssl"
  fi | cut -d' ' -f1
}

main() {
  folder=${HELPBOOK_INSTALL_DIR:-${HOME:?}/.local/bin}
  archive="helpbook-$(target).tar.gz"
  from=$(base)
  work=$(mktemp -d)
  staged=
  trap 'rm -rf "$work"; if [ -n "$staged" ]; then rm -f "$staged"; fi' EXIT
  trap 'exit 130' INT TERM HUP

  say "fetching $from/$archive"
  fetch "$from/SHA256SUMS" "$work/SHA256SUMS"
  fetch "$from/$archive" "$work/$archive"
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
  case $wanted in
    '' | *[!0-9a-f]*) fail "the release has no checksum of $archive; nothing was installed" "try another version" ;;
  esac
  if [ "$(digest "$work/$archive")" != "$wanted" ]; then
    fail "$archive is not what the release says: its SHA-256 differs; nothing was installed" "try again; if it stays so, report it"
  fi
  tar -xzf "$work/$archive" -C "$work" || fail "$archive cannot be unpacked; nothing was installed"
  program="$work/${archive%.tar.gz}/helpbook"
  installed=$("$program" --version) || fail "the program does not run on this machine; nothing was installed" "build it with \`cargo install\`"

  mkdir -p "$folder" || fail "cannot make $folder" "set HELPBOOK_INSTALL_DIR to a folder that can be written"
  staged="$folder/.helpbook.$$"
  cp "$program" "$staged" || fail "cannot write into $folder" "set HELPBOOK_INSTALL_DIR to a folder that can be written"
  chmod 755 "$staged"
  mv -f "$staged" "$folder/helpbook"
  staged=
  say "installed $installed as $folder/helpbook"
  case ":${PATH:-}:" in
    *":$folder:"*) say "" "hint: run \`helpbook init\` in your project" ;;
    *) say "" "hint: add $folder to your PATH" ;;
  esac
}

# The last line, so that half a script does nothing.
main
