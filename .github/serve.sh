#!/usr/bin/env bash
# Starts the Help Center inside helpbook, for `example-docs/` and the steps that follow, and hands
# its address on.
set -euo pipefail

helpbook -C example-docs serve --memory --locale en --locale fr --port 8766 >"${RUNNER_TEMP:?}/serve.log" 2>&1 &
for _ in $(seq 100); do
  token=$(sed -n 's/^INTERCOM_ACCESS_TOKEN=//p' "$RUNNER_TEMP/serve.log")
  if [ -n "$token" ]; then break; fi
  sleep 0.1
done
printf 'INTERCOM_BASE_URL=http://127.0.0.1:8766\nINTERCOM_ACCESS_TOKEN=%s\n' "${token:?}" >>"${GITHUB_ENV:?}"
