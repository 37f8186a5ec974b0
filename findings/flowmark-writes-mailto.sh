#!/usr/bin/env bash
# flowmark 0.8.0 (PyPI), Python 3.11.7, seen on 2026-11-30.
#
# Guess: a formatter of Markdown leaves the address of a person in a sentence as it is.
# Seen: it becomes `mailto:` and the address, as text that readers see; in angle brackets it stays.
#
# Why it matters here: addresses stand in every second article of a Help Center. The words change, so helpbook plans a new
# draft of each, and rightly: customers would read `mailto:`.
#
# Needs Python 3 with venv, and a network. Ends with 0 where it is still so.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check flowmark==0.8.0
printf '%s\n' '# Refunds' '' 'Please write to ada@example.com. Or to <ada@example.com>.' >refunds.md
env/bin/flowmark refunds.md | tee seen.txt
diff seen.txt - <<'SEEN'
# Refunds

Please write to mailto:ada@example.com. Or to <ada@example.com>.
SEEN
