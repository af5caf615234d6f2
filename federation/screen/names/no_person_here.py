"""Medicines, drugs and days that are called as somebody is, where the words around say that they are meant."""

import re

_NEAR = 60
_MEDICINES = re.compile(
    r"yasmin(?:elle)?|diane|ella|mirena|nora|lucette|eloine|jeanine|zoely|belara|marvelon|evra|esmya|daisy|gina|liletta|kyleena|jaydess|daylette|dimia|velmari|angeliq|alesse|lydia|melleva|rosalia|sylvia|liza|maxima",
    re.IGNORECASE,
)
_TREATED = re.compile(
    r"\b(?:pill?s?|(?:mini|combi|nood|anticonceptie)pil\w*|pastil\w*|migr(?:ai|e)n\w*|contracepti\w*|anticoncep\w*|spiraal\w*|coil|iud|sterilet\w*|[0-9]+\s?mg|prescri\w*|recept\w*|re[țt]et\w*|bleeding|bloeding\w*|s[âa]nger\w*|hormon\w*|hormoon\w*|morning[ -]after|side[ -]effects?|bijwerking\w*|interac\w*|antibiot\w*|blister|strip|trombo\w*|thrombo\w*|blood\sclots?)\b",
    re.IGNORECASE,
)
_DRUGS = re.compile(
    r"tina|crystal|molly|mandy|charlie|henry|lucy|roxy|ice|emma|mary\sjane|maria|snow|tony",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:chemsex|ghb|gbl|meth|mdma|coke|cocaine|coca[ïi]n[eă]|ketamin\w*|drugs?|druguri|slam(?:ming|med)?|xtc|speed|mephedrone|m-cat|mcat|[34]-?mmc|miauw|poppers|comedown|detox|naalden|needles|dealer|pusher|use|gebruik|consum)\b|\bG\b",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"valentijn|valentine(?:['’]?s)?|valentin|nicolae|patrick(?:['’]?s)?", re.IGNORECASE
)
_WHEN = re.compile(
    r"\b(?:around|before|after|until|till|since|by|during|rond|rondom|v[oó][oó]r|na|tijdens|tegen|tot|sinds|[îi]n\sjurul|[îi]nainte\sde|dup[ăa]|p[âa]n[ăa]\s(?:la|de)|mo[șs])\s\Z",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?<!switched\s)(?<!changed\s)(?<!switch\s)(?<!change\s)(?<!overgestapt\s)(?<!trecut\s)(?:to|with|told|asked|met|tegen|aan|cu|lui|from|van|de\sla|for|voor|pentru|[îi]ntre|saw|zag|helped)\s\Z",
    re.IGNORECASE,
)
"""Somebody with whom one speaks about the pill."""
_GOES_ON = re.compile(
    r"\s?(?:[,.;:!?)]|\Z|\s(?:and|or|with|use|pills?|en|of|met|bij|samen|in|on|[șs]i|sau|cu|[îi]mpreun[ăa])\b|-)|\s(?:pil\b|pill\b|\+)"
)
"""What goes on without a verb is no person who does something."""


def no_person_here(text: str, start: int, end: int) -> bool:
    """Tell a medicine, a drug or a day from somebody who is called so."""
    word = text[start:end]
    around = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if _DAYS.fullmatch(word):
        return _WHEN.search(around[0]) is not None
    if _SPOKEN.search(around[0]) or not _GOES_ON.match(text, end):
        return False
    near = f"{around[0]}|{around[1]}"
    return bool(
        (_MEDICINES.fullmatch(word) and _TREATED.search(near))
        or (_DRUGS.fullmatch(word) and _TAKEN.search(near))
    )
