#!/usr/bin/env bash
# Says whether somebody has to approve a publish: prints `required` where GitHub says that the
# environment has required reviewers, else `none`. Whatever goes wrong, the answer is `none`.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/runner.sh"
. "$here/github.sh"

environment=${HELPBOOK_ENVIRONMENT:-help-center}
if gh api "repos/$repository/environments/$(uri "$environment")" >"$out/environment.json" 2>"$out/refusal" &&
  jq -e '[.protection_rules[]? | select(.type == "required_reviewers") | .reviewers[]?] | length > 0' \
    "$out/environment.json" >/dev/null; then
  echo required
else
  echo none
fi
