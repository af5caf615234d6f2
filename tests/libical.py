"""The C library that Evolution and others read calendars with; its tests need it on the machine."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass

NAME = "libical.so.3"


@dataclass(frozen=True)
class Libical:
    """What was found: the library, or none; where it is required, its absence is a failure."""

    library: ctypes.CDLL | None
    required: bool

    @property
    def says(self) -> str:
        if self.library is not None:
            return NAME
        then = "its tests fail" if self.required else "its tests are skipped"
        return f"libical is not installed, so {then} (apt-get install libical3t64)"


def found_libical(environment: Mapping[str, str], name: str = NAME) -> Libical:
    return Libical(_loaded(name), environment.get("REQUIRE_LIBICAL", "") not in {"", "0"})


def _loaded(name: str) -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for each in ("icalcomponent_count_errors", "icalrestriction_check"):
        getattr(library, each).argtypes = [ctypes.c_void_p]
    return library
