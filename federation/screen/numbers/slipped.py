"""Letters that somebody typed in the place of figures: O77OO 9OOl28."""

import re

_WORD = re.compile(
    r"(?<![^\W_])(?=[A-Za-z]*[0-9])[A-Za-z]{0,3}[0-9OoIlSB]{2,16}[A-Za-z]{0,3}(?![^\W_])"
)
_SLIP = re.compile(r"(?<=[0-9])[OoIl](?![a-z])|[OIl](?=[0-9])|(?<![A-Za-z])o(?=[0-9])")
_LOOKALIKE = re.compile(r"(?<=[0-9])[SB](?=[0-9SB])|(?<=[0-9]{2})[SB]\Z")
_MOBILE = re.compile(
    r"(?<![^\W_])[Oo0][678B][0-9OoIlSB]*(?:[ ./-]{1,3}[0-9OoIlSB]{2,}){1,4}(?![^\W_])"
)
"""What begins as a mobile number and has nothing but figures and letters like them."""
FEWEST = 5
FIGURES = str.maketrans("OoIlSB", "001158")


def without_slips(text: str) -> str:
    """Put figures for such letters; every sign stays in its place."""
    return _WORD.sub(_mended, _MOBILE.sub(_all_figures, text))


def _all_figures(number: re.Match[str]) -> str:
    enough = sum(sign.isdigit() for sign in number[0]) >= FEWEST
    return number[0].translate(FIGURES) if enough else number[0]


def _mended(word: re.Match[str]) -> str:
    before, read = "", word[0]
    while before != read:
        before, read = read, _SLIP.sub(_figure, read, count=1)
    return _LOOKALIKE.sub(_figure, read)


def _figure(slip: re.Match[str]) -> str:
    return slip[0].translate(FIGURES)
