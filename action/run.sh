#!/usr/bin/env bash
# Carries out the command that the action, or a job of GitLab, was given: one script each.
here=$(cd "$(dirname "$0")" && pwd)

case ${HELPBOOK_COMMAND:-} in
  '') ;;
  plan) exec bash "$here/plan.sh" ;;
  apply) exec bash "$here/stage.sh" ;;
  publish) exec bash "$here/publish.sh" ;;
  pull) exec bash "$here/pull.sh" ;;
  audit) exec bash "$here/audit.sh" ;;
  *)
    if [ "${GITLAB_CI:-}" = true ]; then prefix='error: '; else prefix=::error::; fi
    echo "${prefix}command is plan, apply, publish, pull or audit; without one the action only installs helpbook"
    exit 64
    ;;
esac
