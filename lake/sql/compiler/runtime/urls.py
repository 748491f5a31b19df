"""Functions of URLs (trino.io/docs/422/functions/url.html). A text that java.net.URI refuses has no parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote

from lake.sql.compiler.runtime.errors import TrinoError

PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
REFUSED = re.compile(r"[\x00-\x20\x7f-\xa0\"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
SERVER = re.compile(r"(?:[^@]*@)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9.])?|\[[0-9A-Fa-f:.%]+\])(?::(\d*))?")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Url:
    scheme: str | None
    host: str | None
    port: int | None
    path: str
    query: str | None
    fragment: str | None


def parsed(url: str) -> Url | None:
    found = PARTS.fullmatch(url)
    if found is None or REFUSED.search(url):
        return None
    scheme, authority, path, query, fragment = found.groups()
    if (scheme is not None and not SCHEME.fullmatch(scheme)) or (fragment and "#" in fragment):
        return None
    if scheme is not None and not url[len(scheme) + 1 :]:
        return None
    if scheme is not None and authority is None and not path.startswith("/"):
        # An opaque one, as in mailto:someone, has but a scheme and a fragment.
        return Url(scheme, None, None, "", None, fragment)
    server = SERVER.fullmatch(authority or "")
    host, port = server.groups() if server else (None, None)
    return Url(scheme, host, int(port) if port else None, path, query, fragment)


def url_extract_protocol(url: str) -> str | None:
    found = parsed(url)
    return None if found is None else found.scheme or ""


def url_extract_host(url: str) -> str | None:
    found = parsed(url)
    return None if found is None else found.host or ""


def url_extract_port(url: str) -> int | None:
    found = parsed(url)
    return found.port if found else None


def url_extract_path(url: str) -> str | None:
    found = parsed(url)
    return None if found is None else unquote(found.path)


def url_extract_query(url: str) -> str | None:
    found = parsed(url)
    return None if found is None else unquote(found.query or "")


def url_extract_fragment(url: str) -> str | None:
    found = parsed(url)
    return None if found is None else unquote(found.fragment or "")


def url_extract_parameter(url: str, name: str) -> str | None:
    """Return the value of the first parameter of a name, which is empty where none is given."""
    found = parsed(url)
    if found is None or found.query is None:
        return None
    for parameter in found.query.split("&"):
        key, _, value = parameter.partition("=")
        if key == name:
            return url_decode(value)
    return None


def url_encode(value: str) -> str:
    """Escape as forms do: a blank is a plus, and `*` stays while `~` does not."""
    return quote_plus(value, safe="*").replace("~", "%7E")


def url_decode(value: str) -> str:
    if BAD_ESCAPE.search(value):
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Illegal hex characters in escape (%) pattern")
    return unquote(value.replace("+", " "), errors="replace")
