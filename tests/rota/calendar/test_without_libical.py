import pytest

from tests.libical import Libical, found_libical


def test_what_is_missing_is_said_in_one_line() -> None:
    assert Libical(None, required=False).says == (
        "libical is not installed, so its tests are skipped (apt-get install libical3t64)"
    )
    assert Libical(None, required=True).says == (
        "libical is not installed, so its tests fail (apt-get install libical3t64)"
    )


@pytest.mark.parametrize(
    ("told", "required"),
    [
        ({"REQUIRE_LIBICAL": "1"}, True),
        ({"REQUIRE_LIBICAL": "0"}, False),
        ({"REQUIRE_LIBICAL": ""}, False),
        ({}, False),
    ],
)
def test_an_environment_may_require_it(told: dict[str, str], *, required: bool) -> None:
    assert found_libical(told, "libical-of-no-machine.so") == Libical(None, required)
