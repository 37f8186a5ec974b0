#!/usr/bin/env bash
# Writes the Homebrew formula of a release to standard output: formula.sh VERSION REPOSITORY FOLDER
#
# The folder holds SHA256SUMS of the archives. Homebrew compares each download with the checksum in the formula; one
# that the list lacks is an error here.
set -euo pipefail
version=$1 repository=$2 folder=$3

# The address and checksum of the archive for a target.
archive() {
  local name="helpbook-$1.tar.gz" sum
  sum=$(awk -v name="$name" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
  case $sum in
    '' | *[!0-9a-f]*) printf 'error: there is no checksum of %s\n' "$name" >&2 && return 1 ;;
  esac
  printf '      url "https://github.com/%s/releases/download/v%s/%s"\n' "$repository" "$version" "$name"
  printf '      sha256 "%s"\n' "$sum"
}

mac_arm=$(archive aarch64-apple-darwin)
mac_intel=$(archive x86_64-apple-darwin)
linux_arm=$(archive aarch64-unknown-linux-musl)
linux_intel=$(archive x86_64-unknown-linux-musl)
cat <<FORMULA
class Helpbook < Formula
  desc "Keeps an Intercom Help Center in Git"
  homepage "https://github.com/$repository"
  version "$version"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
$mac_arm
    end
    on_intel do
$mac_intel
    end
  end

  on_linux do
    on_arm do
$linux_arm
    end
    on_intel do
$linux_intel
    end
  end

  def install
    bin.install "helpbook"
    man1.mkpath
    system bin/"helpbook", "man", man1
    generate_completions_from_executable(bin/"helpbook", "completions", shells: [:bash, :zsh, :fish])
  end

  test do
    (testpath/"helpbook.yml").write "state: published\\n"
    (testpath/"start/hello.md").write "# Hello\n\nA first article.\n"
    system bin/"helpbook", "check", "--strict"
    system bin/"helpbook", "--local", "apply", "--publish", "--yes"
    assert_match version.to_s, shell_output("#{bin}/helpbook --version")
  end
end
FORMULA
