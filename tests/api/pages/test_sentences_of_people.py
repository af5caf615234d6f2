from api.pages.rendering import sentence


def test_what_people_wrote_ends_once() -> None:
    written = ["Do I pay tax?", "Live chat conduct", "Wrong.", "Stop! ", "And then…", ""]
    ended = ["Do I pay tax?", "Live chat conduct.", "Wrong.", "Stop!", "And then…", ""]
    assert [sentence(each) for each in written] == ended
