"""Run the web server in this process: threads of granian around one WSGI callable."""

from __future__ import annotations

import gc
import resource
import socket
from typing import TYPE_CHECKING, Any, Final

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mt import MTServer

from parley.errors import SettingError
from parley.web.bodies import IN_ALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    from parley.config import Settings

BACKLOG: Final = 1_024
#: Threads beside those that wait for the engine: pages, health, conditional requests.
SPARE_THREADS: Final = 32
HEADER_TIMEOUT_MS: Final = 15_000
#: Connections held at a time, whatever they do, if the system grants so many files.
MAX_CONNECTIONS: Final = 8_192
#: Seconds of silence after which it is asked whether the other end is there, and between
#: askings; after three without an answer the connection is dropped.
KEEPALIVE_S: Final = (60, 10)
#: Objects made since the last look for garbage that cause the next one; a page makes some 20,000.
_NEW_OBJECTS: Final = 50_000


def settle_memory() -> None:
    """Keep the search for garbage short and rare, once all that stays has been made.

    Every look through what is there takes 80 ms in which nobody is answered; frozen, it is not
    looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


def listen(host: str, port: int) -> socket.socket:
    """Open the address to listen on, alone; port 0 takes a free one.

    Raises:
        SettingError: The port is in use, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it: a body sent after its headers does not wait for the client's ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # So that a peer that vanished in the middle of a body keeps no thread for ever.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_S[0])
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEPALIVE_S[1])
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingError(
            f"Cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}.",
            remedy="Stop the other server, or choose another address with --host and --port.",
        ) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address a listener answers at, without a final slash."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(
    app: WSGIApplication, listener: socket.socket, settings: Settings, *, ready: Callable[[], Any]
) -> bool:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once, when requests are answered.

    At the end requests that have begun are answered, as long as a query may take. Returns whether
    all were; a thread that still waits, for the rest of a body, ends with the process only.

    There are more threads than requests can wait for the engine or for their bodies, so that
    neither keeps others from being answered; threads are made when they are needed.
    """
    waiting = 2 * settings.max_queue + settings.workers + settings.slow_workers + IN_ALL
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    server = _ThreadServer(
        "parley",
        interface=Interfaces.WSGI,
        blocking_threads=waiting + SPARE_THREADS,
        backlog=BACKLOG,
        backpressure=min(MAX_CONNECTIONS, files // 2),
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        websockets=False,
        log_enabled=False,
    )
    server.listener = listener
    server.ready = ready
    server.patience_s = settings.timeout_s + 1
    server.serve(target_loader=lambda: app, wrap_loader=False)
    return server.is_done


class _ThreadServer(MTServer):
    """Granian's threaded server, on a socket we opened, in this very process.

    Granian's usual server forks: a second copy of everything in memory, children that outlive
    a killed parent, and SO_REUSEPORT, with which two servers share a port unnoticed. Its threaded
    server was made for Python without a GIL but needs nothing of it: our threads wait for query
    processes most of the time.
    """

    listener: socket.socket
    ready: Callable[[], Any]
    patience_s: float
    is_done = False

    def _check_gil(self) -> None:
        """Run with the GIL."""

    def _init_shared_socket(self) -> None:
        # The stub file of granian knows neither the arguments nor that it is more than None.
        self._shd: Any = SocketHolder(self.listener.detach(), False, BACKLOG)  # type: ignore[call-arg]

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        self.ready()

    def _stop_workers(self) -> None:
        for worker in self.wrks:
            worker.terminate()  # type: ignore[no-untyped-call]
        for worker in self.wrks:
            worker.join(self.patience_s)  # type: ignore[no-untyped-call]
        self.is_done = not any(worker.inner.is_alive() for worker in self.wrks)
