"""Python imports this where its folder is on PYTHONPATH: no process then reaches beyond this machine.

Whatever tries is stopped, and written to the file that JQ_NETWORK_LOG names: a line ``process ...`` for each
process that was watched, forked ones among them, a line ``tried ...`` for each attempt.
"""

import os
import sys

LOG = os.environ.get("JQ_NETWORK_LOG", "")
CALLS = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
# a kernel talks to its notebook on this machine; an address without a host is a file (AF_UNIX)
HERE = ("127.", "::1", "localhost", "0.0.0.0")


def _write(line):
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(f"{line}\n")


def _host(event, args):
    if event in CALLS:
        address = args[1]
        return address[0] if isinstance(address, tuple) else ""
    return args[0] if event in LOOKUPS else ""


def _watch(event, args):
    host = _host(event, args) if event.startswith("socket.") else ""
    if isinstance(host, bytes):
        host = host.decode()
    if host and not str(host).startswith(HERE):
        _write(f"tried {event} {host}")
        raise OSError("a test forbids every connection beyond this machine")


if LOG:
    _write(f"process {os.path.basename(sys.argv[0]) if getattr(sys, 'argv', None) else '?'}")
    sys.addaudithook(_watch)
    if hasattr(os, "register_at_fork"):  # the watch goes on in a fork, as a notebook's kernel is
        os.register_at_fork(after_in_child=lambda: _write("process forked"))
