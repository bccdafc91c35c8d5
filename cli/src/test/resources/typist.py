"""Plays a person at a terminal: typist.py STEPS PROGRAM ARGUMENT ...

Runs the program on a pseudo-terminal. Each step is a line of STEPS: "type TEXT" (with \\r, \\x03 ...), "await TEXT",
"silent" (waits until the echo is off), "kill -9" (sends the program that signal), "end" (waits for its end), "show" (waits until
the echo is on). Prints what the screen showed, then "ended CODE", then "echo on" or "echo off". Fails after 60 s.
"""

import os
import pty
import select
import signal
import sys
import termios
import time

steps, program = sys.argv[1].splitlines(), sys.argv[2:]
master, slave = pty.openpty()
child = os.fork()
if child == 0:
    os.setsid()
    import fcntl

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for each in (0, 1, 2):
        os.dup2(slave, each)
    for handled in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(handled, signal.SIG_DFL)  # a shell in the background ignores them
    os.execvp(program[0], program)

screen, ended, deadline = b"", None, time.monotonic() + float(os.environ.get("PATIENCE", "60"))


def echo():
    return bool(termios.tcgetattr(slave)[3] & termios.ECHO)


def until(condition, what):
    global screen, ended
    while not condition():
        if time.monotonic() > deadline:
            if ended is None:
                os.kill(child, signal.SIGKILL)
            sys.exit("still no %s; the screen: %r" % (what, screen))
        if select.select([master], [], [], 0.01)[0]:
            screen += os.read(master, 65536)
        if ended is None:
            done, status = os.waitpid(child, os.WNOHANG)
            ended = os.waitstatus_to_exitcode(status) if done else None


mark = 0
for step in steps:
    word, _, text = step.strip().partition(" ")
    text = text.encode().decode("unicode_escape").encode("latin-1")
    if word == "type":
        mark = len(screen)
        os.write(master, text)
    elif word == "await":
        until(lambda: text in screen[mark:], text.decode())
    elif word == "silent":
        until(lambda: not echo(), "silence")
    elif word == "kill":
        os.kill(child, int(text[1:]))
    elif word == "end":
        until(lambda: ended is not None, "end")
    elif word == "show":
        until(echo, "echo")
    else:
        sys.exit("unknown step: " + step)
while select.select([master], [], [], 0.05)[0]:
    screen += os.read(master, 65536)
sys.stdout.write(screen.decode("utf-8", "replace"))
print("\nended %s\necho %s" % (ended, "on" if echo() else "off"))
