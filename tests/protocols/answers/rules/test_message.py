import pytest

from protocols.answers.rules.message import as_message


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**Hi** {{name}}, *this* is `us`.", "Hi {{name}}, this is us."),
        ("One\ntwo\n\nthree", "One\ntwo\n\nthree"),
        (
            "See [the clinic](https://clinic.example/x_y).",
            "See the clinic (https://clinic.example/x_y).",
        ),
        ("<https://clinic.example>", "https://clinic.example"),
        ("[a@clinic.example](mailto:a@clinic.example)", "a@clinic.example"),
        ("Bring:\n\n- a coat\n- *soap*", "Bring:\n- a coat\n- soap"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("# Head\n\nText & <b>no tag</b>", "Head\n\nText & <b>no tag</b>"),
        ("    code\n", "code"),
        # an address is written in per cent, and a place in it would be sent like that
        ("See [our page]({{page}}).", "See our page ({{page}})."),
        ("<https://clinic.example/{{town}}>", "https://clinic.example/{{town}}"),
        (
            "See [it](https://clinic.example/{{town}}/é%20x).",
            "See it (https://clinic.example/{{town}}/%C3%A9%20x).",
        ),
        ("", ""),
    ],
)
def test_marks_are_taken_out_and_addresses_kept(markdown: str, expected: str) -> None:
    assert as_message(markdown) == expected
