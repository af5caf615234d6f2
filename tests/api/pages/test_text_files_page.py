import io
import zipfile

from tests.api.conftest import Node, form_token

PAGE = "/texts/files"
TEXT = """---
kind: answer
format: netreach-text/1
language: en
title: Where we are
jurisdictions: [ireland]
review_by: 2099-01-01
question: Where?
use_limits: [reply-only]
---
Come by. Ring 07700 900123.
"""


async def test_a_coordinator_takes_the_library_and_a_file_in_and_texts_out(node: Node) -> None:
    coordinator = await node.somebody("coordinator")
    file = {"file": ("where.md", TEXT.encode(), "text/markdown")}
    async with node.signed_in(coordinator.id) as browser:
        form = {"_csrf_token": await form_token(browser, PAGE)}
        linked = (await browser.get("/protocols")).text
        first = await browser.post(f"{PAGE}/starter", data=form)
        again = await browser.post(f"{PAGE}/starter", data=form)
        preview = await browser.post(f"{PAGE}/import", data=form | {"do": "preview"}, files=file)
        taken = await browser.post(f"{PAGE}/import", data=form | {"do": "import"}, files=file)
        twice = await browser.post(f"{PAGE}/import", data=form | {"do": "import"}, files=file)
        nothing = await browser.post(f"{PAGE}/import", data=form, files={"file": ("", b"")})
        packed = await browser.get(f"{PAGE}/texts.zip")
        table = await browser.get(f"{PAGE}/texts.csv")
        other = await browser.get(f"{PAGE}/texts.exe")

    assert PAGE in linked
    assert "52 drafts came in" in first.text
    assert "0 drafts came in" in again.text
    assert "52 were there before" in again.text
    assert "comes in as a draft" in preview.text
    assert "this looks like a telephone number" in preview.text
    assert "Reads as <strong>very easy</strong>" in preview.text
    assert "What came in" in taken.text
    assert "you have one of this title" in twice.text
    assert nothing.status_code == 400
    names = zipfile.ZipFile(io.BytesIO(packed.content)).namelist()
    assert len(names) == 52 + 20 + 1
    assert "Come by. Ring 07700 900123." in table.text
    assert table.headers["content-disposition"] == 'attachment; filename="texts.csv"'
    assert other.status_code == 404


async def test_the_page_is_not_for_workers(node: Node) -> None:
    worker = await node.somebody("worker")

    async with node.signed_in(worker.id) as browser:
        answers = [await browser.get(path) for path in (PAGE, f"{PAGE}/texts.csv")]
        listed = (await browser.get("/protocols")).text

    assert [one.status_code for one in answers] == [403, 403]
    assert PAGE not in listed
