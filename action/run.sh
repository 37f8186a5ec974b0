#!/usr/bin/env bash
# Carries out the command that the action was given: one script each.
here=$(cd "$(dirname "$0")" && pwd)

case ${HELPBOOK_COMMAND:-} in
  '') ;;
  plan) exec bash "$here/plan.sh" ;;
  apply) exec bash "$here/stage.sh" ;;
  publish) exec bash "$here/publish.sh" ;;
  pull) exec bash "$here/pull.sh" ;;
  audit) exec bash "$here/audit.sh" ;;
  *)
    echo "::error::command is plan, apply, publish, pull or audit; without one the action only installs helpbook"
    exit 64
    ;;
esac
