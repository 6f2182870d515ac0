"""The processes of a batch obey the batch alone: no stranger is let in, no port is open to other machines."""

from __future__ import annotations

import os
import random
import socket
import ssl
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, Security
from distributed.comm import connect

from jq_models.run.batch_cluster import local_cluster

PAGES = ("/", "/health", "/metrics", "/info/main/workers.html", "/json/identity.json")


@pytest.fixture(scope="module")
def processes() -> Iterator[Any]:
    """A cluster with one worker; what Dask draws from the global generator, for names, is taken back."""
    state = random.getstate()
    with local_cluster(1) as found:
        yield found
    random.setstate(state)


@pytest.fixture(autouse=True)
def names_of_messages(no_global_randomness: None) -> Iterator[None]:
    state = random.getstate()
    yield
    random.setstate(state)


def doors(processes: Any) -> dict[str, str]:
    """Where scheduler, nanny and worker take orders."""
    workers = processes.scheduler.workers
    (worker,) = workers
    return {"scheduler": processes.scheduler_address, "worker": worker, "nanny": workers[worker].nanny}


async def asked(address: str, **given: Any) -> Any:
    """Ask who is there, as Dask does before it gives an order."""
    comm = await connect(address, timeout=5, **given)
    try:
        await comm.write({"op": "identity", "reply": True})
        return await comm.read()
    finally:
        comm.abort()


def answers(processes: Any, address: str, *, security: Any) -> bool:
    """Whether somebody with these papers gets an answer."""
    try:
        papers = security.get_connection_args("client")
        told = processes.sync(asked, address, **{**papers, "require_encryption": False})
    except (OSError, TypeError):  # a closed connection; no certificate at all where one is needed
        return False
    return "type" in told


@pytest.mark.parametrize("door", ["scheduler", "worker", "nanny"])
def test_the_batch_is_let_in_and_a_stranger_is_not(processes: Any, door: str) -> None:
    address = doors(processes)[door]
    assert address.startswith("tls://127.0.0.1:")
    assert answers(processes, address, security=processes.security)
    assert not answers(processes, address, security=Security.temporary())  # papers of another batch
    assert not answers(processes, address.replace("tls", "tcp"), security=Security())


@pytest.mark.parametrize("door", ["scheduler", "worker", "nanny"])
def test_who_shows_no_certificate_is_hung_up_on(processes: Any, door: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shown_nothing(doors(processes)[door])


def shown_nothing(address: str) -> None:
    """Connect without a certificate, taking any server's; raise when that is the end of it."""
    host, port = address.removeprefix("tls://").split(":")
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        trusting.wrap_socket(plain) as wrapped,
    ):
        if wrapped.recv(1) == b"":  # in TLS 1.3 the refusal comes after the handshake
            raise ConnectionResetError


@pytest.mark.parametrize("address", ["tls", "tcp"])
def test_a_stranger_cannot_hand_in_a_task(processes: Any, address: str) -> None:
    with pytest.raises((OSError, TypeError)):
        Client(processes.scheduler_address.replace("tls", address), timeout=3, set_as_default=False)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_port_can_be_reached_from_another_machine(processes: Any) -> None:
    (pid,) = {worker.pid for worker in processes.workers.values()}
    heard = listening(os.getpid()) | listening(pid)
    ports = {int(address.rpartition(":")[2]) for address in doors(processes).values()}
    assert ports <= {port for _, port in heard}
    assert {host for host, _ in heard} == {"127.0.0.1"}


def test_no_page_tells_anything(processes: Any) -> None:
    ports = [processes.scheduler.http_server.port]
    ports += [info["services"]["dashboard"] for info in processes.scheduler_info["workers"].values()]
    assert len(ports) == 2
    for port in ports:
        for page in PAGES:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", page)
            assert connection.getresponse().status == 404
            connection.close()


def listening(pid: int) -> set[tuple[str, int]]:
    """Return the addresses at which a process listens, from what the kernel tells of it."""
    own = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            own.add(os.readlink(link))
        except FileNotFoundError:
            continue
    found = set()
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/{pid}/net/{name}").read_text(encoding="ascii").splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == "0A" and f"socket:[{inode}]" in own:
                host, port = local.split(":")
                words = [bytes.fromhex(host[k : k + 8])[::-1] for k in range(0, len(host), 8)]
                found.add((socket.inet_ntop(family, b"".join(words)), int(port, 16)))
    return found
