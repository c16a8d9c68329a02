"""Become the server: give up root, ask to end with the parent, then run the program.

This file is run by its path, in an interpreter of its own. A process with threads must not run
Python between fork and exec, so the work is done after an exec and before another.

Arguments: the parent's process number, user, group, program, arguments of the program. A user of
-1 means to stay who we are.
"""

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h.


def main(arguments: list[str]) -> None:
    """Replace this process by the program."""
    parent, user, group = (int(argument) for argument in arguments[:3])
    program = arguments[3]
    if user != -1:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    end_with(parent)
    os.umask(0o077)
    os.execv(program, arguments[3:])  # noqa: S606 - the program is one that we have found.


def end_with(parent: int) -> None:
    """Ask the kernel for a fast shutdown of this process when its parent dies.

    The request survives the exec, and must come after the change of user, which clears it.
    """
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGINT), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot ask for a signal on the parent's death")
    if os.getppid() != parent:
        # The parent died before we asked, so no signal would ever come.
        sys.exit("the parent is gone")


if __name__ == "__main__":
    main(sys.argv[1:])
