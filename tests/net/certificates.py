"""Self-signed certificates, made of the standard library alone: ECDSA on P-256, written in DER."""

import base64
import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import Path

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

Point = tuple[int, int] | None


def _add(a: Point, b: Point) -> Point:
    if a is None or b is None:
        return a or b
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, _P)
    elif a[0] == b[0]:
        return None
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, _P)
    x = (slope * slope - a[0] - b[0]) % _P
    return x, (slope * (a[0] - x) - a[1]) % _P


def _times(number: int) -> tuple[int, int]:
    total, power = None, _G
    while number:
        if number & 1:
            total = _add(total, power)
        number, power = number >> 1, _add(power, power)
    assert total is not None
    return total


def _tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (length if len(content) < 128 else bytes([0x80 | len(length)]) + length) + content


def _integer(number: int) -> bytes:
    return _tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _bits(content: bytes, unused: int = 0) -> bytes:
    return _tlv(3, bytes([unused]), content)


def _oid(hexadecimal: str) -> bytes:
    return _tlv(6, bytes.fromhex(hexadecimal))


def _time(instant: datetime) -> bytes:
    if instant.year < 2050:
        return _tlv(0x17, instant.strftime("%y%m%d%H%M%SZ").encode())
    return _tlv(0x18, instant.strftime("%Y%m%d%H%M%SZ").encode())


_SEQUENCE, _SET, _OCTETS = 0x30, 0x31, 4
_CURVE = _oid("2a8648ce3d030107")
_ECDSA = _tlv(_SEQUENCE, _oid("2a8648ce3d040302"))  # with SHA-256


def _extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    return _tlv(_SEQUENCE, _oid(oid), _tlv(1, b"\xff") if critical else b"", _tlv(_OCTETS, value))


def _signed(content: bytes, key: int) -> bytes:
    nonce = secrets.randbelow(_N - 1) + 1
    r = _times(nonce)[0] % _N
    s = pow(nonce, -1, _N) * (int.from_bytes(hashlib.sha256(content).digest(), "big") + r * key) % _N
    return _tlv(_SEQUENCE, content, _ECDSA, _bits(_tlv(_SEQUENCE, _integer(r), _integer(s))))


def _pem(label: str, content: bytes) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(content).decode()}-----END {label}-----\n"


def make(certificate: Path, key: Path, *, until: datetime, of: bytes = b"localhost") -> None:
    """Write a certificate of a host that holds from 2020 on, and its key."""
    name = _tlv(_SEQUENCE, _tlv(_SET, _tlv(_SEQUENCE, _oid("550403"), _tlv(0x0C, of))))
    secret = secrets.randbelow(_N - 1) + 1
    public = b"\x04" + b"".join(number.to_bytes(32, "big") for number in _times(secret))
    extensions = (
        _extension("551d13", _tlv(_SEQUENCE, _tlv(1, b"\xff")), critical=True),  # a certificate authority
        _extension("551d0f", _bits(b"\x84", 2), critical=True),  # signs what it says, and certificates
        _extension("551d0e", _tlv(_OCTETS, hashlib.sha1(public).digest())),
        _extension("551d11", _tlv(_SEQUENCE, _tlv(0x82, of))),
    )
    content = _tlv(
        _SEQUENCE,
        _tlv(0xA0, _integer(2)),
        _integer(secrets.randbits(120) + 1),
        _ECDSA,
        name,
        _tlv(_SEQUENCE, _time(datetime(2020, 1, 1, tzinfo=UTC)), _time(until)),
        name,
        _tlv(_SEQUENCE, _tlv(_SEQUENCE, _oid("2a8648ce3d0201"), _CURVE), _bits(public)),
        _tlv(0xA3, _tlv(_SEQUENCE, *extensions)),
    )
    private = _tlv(
        _SEQUENCE,
        _integer(1),
        _tlv(_OCTETS, secret.to_bytes(32, "big")),
        _tlv(0xA0, _CURVE),
        _tlv(0xA1, _bits(public)),
    )
    certificate.write_text(_pem("CERTIFICATE", _signed(content, secret)))
    key.write_text(_pem("EC PRIVATE KEY", private))
