"""Frames between the server and its engine processes: a code and byte fields, nothing parsed.

Imported by both ends, so it stays light: the standard library only, and little of it.
"""

from __future__ import annotations

import struct
from socket import SO_RCVTIMEO, SOL_SOCKET

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

# Requests.
OPEN, QUERY, GRAPH, HAS_GRAPH, PARSE, UPDATE, WRITE_GRAPH, DELETE_GRAPH, COMMIT, ROLLBACK, DUMP = (
    range(1, 12)
)
# Replies.
DONE, SYNTAX, REFUSED, TOO_LARGE, STORE_FAILED, FAILED, MISSING, TERM_TOO_LONG = range(100, 108)

_HEADER = struct.Struct("!BHQ")
#: Solutions or triples (-1 when there are none to count) and engine time in seconds.
MEASURES = struct.Struct("!qd")
#: Union default graph, default graphs named, named graphs named, greatest bytes, greatest rows.
LIMITS = struct.Struct("!???QQ")


def send(channel: socket.socket, code: int, fields: Sequence[bytes]) -> None:
    """Send one frame."""
    sizes = struct.pack(f"!{len(fields)}Q", *map(len, fields))
    size = len(sizes) + sum(map(len, fields))
    head = _HEADER.pack(code, len(fields), size)
    if size < 65_536:
        channel.sendall(b"".join((head, sizes, *fields)))
        return
    channel.sendall(head + sizes)
    for field in fields:
        channel.sendall(field)


def set_patience(channel: socket.socket, seconds: float) -> None:
    """Let the wait for a frame end after some seconds, by the system's own clock.

    A time limit of Python's is a second system call for each frame. The system counts in ticks of
    up to 10 ms and may be one early, so one is added.
    """
    microseconds = int((seconds + 0.01) * 1_000_000)
    interval = struct.pack("ll", *divmod(microseconds, 1_000_000))
    channel.setsockopt(SOL_SOCKET, SO_RCVTIMEO, interval)


def receive(channel: socket.socket) -> tuple[int, list[bytes]]:
    """Receive one frame.

    Raises:
        BlockingIOError: Nothing came in the time that `set_patience` gave.
        EOFError: The other end is gone.
    """
    data: bytes | bytearray = channel.recv(65_536)
    if len(data) < _HEADER.size:
        data = _receive_rest(channel, data, _HEADER.size)
    code, count, size = _HEADER.unpack_from(data)
    size += _HEADER.size
    if len(data) < size:
        data = _receive_rest(channel, data, size)
    return code, _split(data, count)


def pack_list(texts: Sequence[str]) -> bytes:
    """Pack texts into one field."""
    parts = [text.encode("utf-8") for text in texts]
    return b"".join(struct.pack("!I", len(part)) + part for part in parts)


def unpack_list(field: bytes) -> list[str]:
    """Unpack what `pack_list` packed."""
    texts = []
    position = 0
    while position < len(field):
        (size,) = struct.unpack_from("!I", field, position)
        position += 4
        texts.append(field[position : position + size].decode("utf-8"))
        position += size
    return texts


def _receive_rest(channel: socket.socket, start: bytes | bytearray, size: int) -> bytearray:
    whole = bytearray(size)
    whole[: len(start)] = start
    view = memoryview(whole)
    position = len(start)
    while position < size:
        try:
            read = channel.recv_into(view[position:])
        except BlockingIOError:
            # Half a frame is there: the other end lives and is sending the rest.
            continue
        if read == 0:
            raise EOFError
        position += read
    return whole


def _split(data: bytes | bytearray, count: int) -> list[bytes]:
    position = _HEADER.size + 8 * count
    if len(data) < 65_536:
        data = bytes(data)
        return [data[position : (position := position + size)] for size in _sizes(data, count)]
    view = memoryview(data)
    return [bytes(view[position : (position := position + size)]) for size in _sizes(data, count)]


def _sizes(data: bytes | bytearray, count: int) -> tuple[int, ...]:
    return struct.unpack_from(f"!{count}Q", data, _HEADER.size)
