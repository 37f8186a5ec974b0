"""Checks of the clients in Python: a line for each that holds, and an end with 1 at the first that does not."""

import sys

last = "the start"


class Wrong(Exception):
    """A check that does not hold."""


def check(what, found, wanted):
    """Two values are equal."""
    if found != wanted or isinstance(found, bool) != isinstance(wanted, bool):
        raise Wrong(f"{what}\n  expected: {wanted!r}\n  found:    {found!r}")
    passed(what)


def holds(what, condition, found):
    """A condition is true of what was found."""
    if not condition:
        raise Wrong(f"{what}\n  found: {found!r}")
    passed(what)


def passed(what):
    global last
    last = what
    print(f"ok  {what}", flush=True)


def run(main):
    """Runs a client, and says what was wrong and which check held last."""
    try:
        main()
    except Wrong as wrong:
        end(str(wrong))
    except KeyError as missing:
        end(f"{missing} is not there")
    except Exception as error:
        end(f"{type(error).__name__}: {error}")


def end(what):
    sys.exit(f"WRONG  {what}\n  the last check that held: {last}")
