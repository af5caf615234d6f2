"""Two letters that are a word, a unit or an office, and no end of a postcode."""

WORDS_OF_TWO = frozenset(
    """
    am an as at be by do go he hi if in is it me my no of oh ok on or ox pm so to up us we vs re
    al da de dr ds en er ga ik ja je nu om op te tv uf uw ze zo zn km kg mg ml cm mm th st nd rd uu ca
    la le lu ai ar au cu di ea ei el eu ia il le li lă ma mă mi ne ni pe sa se si te ti ti un va vi vă un lei eu ro
    gb mb nl uk ie pp px pa pw hz kb pl pc nr ex st
    """.split()
)
"""Words and units after a count of four digits, in three languages."""
NO_LETTERS = frozenset(
    "EU UK US NL RO GB IE AM PM TV BC AD MB KB GB HR BV NV OF EN IN OP TE UU UUR".split()
)
