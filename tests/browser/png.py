"""A PNG with the 256 colours that it uses most: pictures of pages get three times smaller, and look the same.

Only what a screenshot is: eight bits for each of red, green and blue, not interlaced (PNG, 3rd edition, W3C).
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB = 3  # bytes of a pixel


def with_palette(data: bytes) -> bytes:
    """The same picture with a palette; raises `ValueError` for what is not a screenshot."""
    chunks = list(_chunks(data))
    width, height, *form = struct.unpack(">IIBBBBB", chunks[0][1])
    if form != [8, 2, 0, 0, 0]:
        raise ValueError("not a PNG with eight bits for each of three colours")
    packed = b"".join(content for name, content in chunks if name == b"IDAT")
    rows = list(_rows(zlib.decompress(packed), width * RGB))
    palette, index = _palette(rows)
    lines = b"".join(b"\0" + bytes(index[pixel] for pixel in _pixels(row)) for row in rows)
    return (
        SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", b"".join(palette))
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        yield name, data[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _rows(raw: bytes, size: int) -> Iterator[bytes]:
    """Rows of pixels from filtered lines: each line says what its bytes are the difference to."""
    above = bytes(size)
    for start in range(0, len(raw), size + 1):
        row = bytearray(raw[start + 1 : start + 1 + size])
        if raw[start]:
            _unfilter(raw[start], row, above)
        above = bytes(row)
        yield above


def _unfilter(kind: int, row: bytearray, above: bytes) -> None:
    """Add what each byte is the difference to: the left, the one above, their mean, or the best guess of three."""
    for place, value in enumerate(row):
        left, corner = (row[place - RGB], above[place - RGB]) if place >= RGB else (0, 0)
        up = above[place]
        guess = (left, up, (left + up) // 2)[kind - 1] if kind < 4 else _paeth(left, up, corner)
        row[place] = (value + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    target = left + up - corner
    return min((left, up, corner), key=lambda value: abs(target - value))


def _palette(rows: list[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """The colours used most, and for each colour of the picture the place of the nearest of them."""
    used = Counter(pixel for row in rows for pixel in _pixels(row))
    palette = [colour for colour, _ in used.most_common(256)]
    return palette, {colour: _nearest(colour, palette) for colour in used}


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    def distance(place: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[place], strict=True))

    return min(range(len(palette)), key=distance)


def _pixels(row: bytes) -> Iterator[bytes]:
    return (row[place : place + RGB] for place in range(0, len(row), RGB))
