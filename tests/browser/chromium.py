"""Where the browser of the browser tests is; without one they are left out, and it is said why."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Chromium:
    """What was found: a path, or none; where one is required, its absence is a failure."""

    path: str | None
    required: bool

    @property
    def says(self) -> str:
        if self.path:
            return self.path
        then = "its tests fail" if self.required else "its tests are skipped"
        return f"chromium is not installed, so {then} (apt-get install chromium)"


def found_chromium(environment: Mapping[str, str]) -> Chromium:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    return Chromium(path, environment.get("REQUIRE_BROWSER", "") not in {"", "0"})
