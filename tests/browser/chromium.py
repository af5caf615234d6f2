"""Where the browser of the browser tests is; without one they are left out, and it is said why."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

NO = {"", "0", "false"}


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
    # services that run tests say CI=true; there nobody would see that a part was left out
    required = any(environment.get(name, "") not in NO for name in ("REQUIRE_BROWSER", "CI"))
    return Chromium(path, required)
