"""Frames between the server and its engine processes: a code and byte fields, nothing parsed.

Imported by both ends, so it stays light: the standard library only, and little of it.
"""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

# Requests.
OPEN, QUERY, GRAPH, HAS_GRAPH, PARSE, UPDATE, WRITE_GRAPH, DELETE_GRAPH, COMMIT, ROLLBACK, DUMP = (
    range(1, 12)
)
# Replies.
DONE, SYNTAX, REFUSED, TOO_LARGE, STORE_FAILED, FAILED, MISSING = range(100, 107)

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


def receive(channel: socket.socket) -> tuple[int, list[bytes]]:
    """Receive one frame.

    Raises:
        EOFError: The other end is gone.
    """
    first = channel.recv(65_536)
    while first and len(first) < _HEADER.size:
        more = channel.recv(65_536)
        if not more:
            break
        first += more
    if len(first) < _HEADER.size:
        raise EOFError
    code, count, size = _HEADER.unpack_from(first)
    rest: bytes | bytearray = first[_HEADER.size :]
    if len(rest) < size:
        rest = _receive_rest(channel, rest, size)
    return code, _split(rest, count)


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
        read = channel.recv_into(view[position:])
        if read == 0:
            raise EOFError
        position += read
    return whole


def _split(data: bytes | bytearray, count: int) -> list[bytes]:
    sizes = struct.unpack_from(f"!{count}Q", data)
    fields = []
    position = 8 * count
    view = memoryview(data)
    for size in sizes:
        fields.append(bytes(view[position : position + size]))
        position += size
    return fields
