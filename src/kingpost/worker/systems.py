"""Other systems: where each is, and whether an address may be asked at all."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from kingpost.model.interfaces import variable

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_PORTS = {"https": 443, "http": 80}
# Addresses of version 4 inside version 6, which Python calls public. Source: RFC 6052, RFC 3056.
_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class System:
    """How one other system is reached, as the environment says.

    url:      its address, below which the paths of the model lie. token: sent with each call.
    networks: of those that are not public, the networks in which it may lie.
    """

    url: str
    token: str = ""
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: the host by its name, and the one address that was looked at."""

    scheme: str
    host: str
    port: int
    base: str
    address: str


class UnreachableError(Exception):
    """A system may not or cannot be asked. lasting: whether trying again would be in vain."""

    def __init__(self, message: str, *, lasting: bool = True) -> None:
        """Say why."""
        super().__init__(message)
        self.lasting = lasting


def system_in(environment: Mapping[str, str], interface: str) -> System:
    """Return how an interface is reached. Raises: UnreachableError, when that is not said."""
    url = environment.get(variable(interface, "URL"), "")
    if not url:
        raise UnreachableError(f"`{variable(interface, 'URL')}` is not set")
    named = environment.get(variable(interface, "NETWORKS"), "")
    try:
        networks = tuple(ipaddress.ip_network(each.strip()) for each in named.split(",") if each)
    except ValueError:
        message = (
            f"`{variable(interface, 'NETWORKS')}` is no list of networks such as `10.1.0.0/16`"
        )
        raise UnreachableError(message) from None
    return System(url, environment.get(variable(interface, "TOKEN"), ""), networks)


def target_of(system: System) -> Target:
    """Find the address of a system, and look at every one that its name has.

    Raises: UnreachableError, when one of them is not public and the operator has not allowed it.
    """
    scheme, host, port, base = _parts(system.url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnreachableError("its name is not found", lasting=False) from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        allowed = any(address in network for network in system.networks)
        if not allowed and not is_public(address):
            raise UnreachableError(f"its address {text} is not public")
        if scheme != "https" and not allowed:
            raise UnreachableError("its address must begin with `https://`")
    return Target(scheme, host, port, base, addresses[0])


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise UnreachableError("its address does not read") from None
    odd = parts.username or parts.password or parts.query or parts.fragment or "\\" in url
    if parts.scheme not in _PORTS or not host or odd or not url.isascii() or not url.isprintable():
        raise UnreachableError("its address is not of the form `https://host/path`")
    return parts.scheme, host, port, parts.path.rstrip("/")


def is_public(address: Address) -> bool:
    """Tell whether an address, or the one inside it, is of the public network."""
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo
