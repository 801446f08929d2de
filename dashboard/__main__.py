"""python -m dashboard: the command line. Until a command runs, Ctrl-C ends it without a trace of what was just being read."""

from __future__ import annotations

import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from dashboard.command_line import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
