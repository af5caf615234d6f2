import pytest

from tests.browser.chromium import Chromium, found_chromium


def test_what_is_missing_is_said_in_one_line() -> None:
    assert Chromium(None, required=False).says == (
        "chromium is not installed, so its tests are skipped (apt-get install chromium)"
    )
    assert Chromium(None, required=True).says == (
        "chromium is not installed, so its tests fail (apt-get install chromium)"
    )
    assert Chromium("/usr/bin/chromium", required=True).says == "/usr/bin/chromium"


@pytest.mark.parametrize(("told", "required"), [("1", True), ("0", False), ("", False)])
def test_an_environment_may_require_it(told: str, *, required: bool) -> None:
    assert found_chromium({"REQUIRE_BROWSER": told}).required is required


def test_without_being_told_it_is_not_required() -> None:
    assert found_chromium({}).required is False


@pytest.mark.parametrize(("told", "required"), [("true", True), ("1", True), ("false", False)])
def test_where_a_service_runs_the_tests_it_is_required(told: str, *, required: bool) -> None:
    assert found_chromium({"CI": told}).required is required
