#!/usr/bin/env bash
# pymarkdownlnt 0.9.41 (PyPI), Python 3.11.7, seen on 2026-11-30.
#
# Guess: `pymarkdown fix` without the extension for front matter either says that it does not know it, or leaves it alone.
# Seen: it takes the keys for a paragraph and removes the indent of its lines, with exit code 3 and `Fixed:`. A mapping of
# two levels becomes one of one level, which is valid YAML and says something else.
#
# Why it matters here: `ai:` with `chatbot: false` below it keeps an article from Fin. After the fix `ai` is empty and
# `chatbot` is a key of its own: helpbook refuses both keys; what reads them without a schema lets Fin use the article.
#
# Needs Python 3 with venv, and a network. Ends with 0 where it is still so.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pymarkdownlnt==0.9.41
printf '%s\n' --- 'title: Refunds' ai: '  chatbot: false' --- '' 'In five days.' >refunds.md
code=0
env/bin/pymarkdown fix refunds.md || code=$?
[ "$code" = 3 ]
diff refunds.md - <<'SEEN'
---
title: Refunds
ai:
chatbot: false
---

In five days.
SEEN
