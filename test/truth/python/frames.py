"""The stack of Python code that sends a statement."""

import sys

import greenlet


def frames_of_stack():
    """The frames that lead here, innermost first; below an asynchronous session the stack goes on in the greenlet that awaits it."""
    current = greenlet.getcurrent()
    frame = sys._getframe(1)
    while True:
        while frame is not None:
            yield frame
            frame = frame.f_back
        current = current.parent
        if current is None:
            return
        frame = current.gr_frame
