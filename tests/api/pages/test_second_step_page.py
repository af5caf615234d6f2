"""Setting up a second step and signing in with it, as a browser meets it."""

import re

import pyotp
from httpx2 import AsyncClient, Response

from api.parts import current_time
from tests.api.conftest import Node, form_token

HERE = "/account/second-step"
SECRET = re.compile(r"<code>((?:[A-Z2-7]{4} )+[A-Z2-7]{4})</code>")
CODE = re.compile(r"<li><code>([a-z0-9-]{14})</code></li>")


async def press(browser: AsyncClient, path: str, **fields: str) -> Response:
    token = await form_token(browser, HERE)
    return await browser.post(path, data={"_csrf_token": token, **fields})


async def set_up(browser: AsyncClient) -> tuple[pyotp.TOTP, str, list[str]]:
    assert (await press(browser, HERE)).headers["location"] == HERE
    [secret] = SECRET.findall((await browser.get(HERE)).text)
    app = pyotp.TOTP(secret.replace(" ", ""))
    code = app.at(current_time())
    shown = await press(browser, f"{HERE}/confirm", code=code)
    assert shown.status_code == 200
    return app, code, CODE.findall(shown.text)


def refused(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.text.split("<code>", 1)[1].split("</code>", 1)[0]


async def test_a_link_asks_for_a_code_and_stays_until_it_is_right(node: Node) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.signed_in(ann.id) as old, node.browser() as new:
        assert 'name="code"' not in (await new.get(link)).text
        app, code, codes = await set_up(old)
        assert len(codes) == 10
        assert 'name="code"' in (await new.get(link)).text
        form = {"_csrf_token": await form_token(new, link)}
        assert refused(await new.post(link, data=form)) == (422, "code-wrong")
        used = form | {"code": code}
        assert refused(await new.post(link, data=used)) == (422, "code-wrong")
        assert (await new.get("/account")).status_code == 401
        right = form | {"code": app.at(current_time(), counter_offset=1)}
        assert (await new.post(link, data=right)).status_code == 303
        assert (await new.get("/account")).status_code == 200
        # what is shown once is not shown again
        shown = (await new.get(HERE)).text
        assert [each for each in (app.secret, *codes) if each in shown] == []
        assert "10 of your recovery codes are left." in shown


async def test_wrong_codes_stay_counted(node: Node) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.signed_in(ann.id) as old, node.browser() as new:
        *_, codes = await set_up(old)
        form = {"_csrf_token": await form_token(new, link)}
        # here and at the door, it is one count
        for _ in range(5):
            assert refused(await press(old, f"{HERE}/off", code="wrong")) == (422, "code-wrong")
            answer = await new.post(link, data=form | {"code": "wrong"})
            assert refused(answer) == (422, "code-wrong")
        answer = await new.post(link, data=form | {"code": codes[0]})
        assert refused(answer) == (429, "too-many-codes")
        answer = await press(old, f"{HERE}/codes", code=codes[0])
        assert refused(answer) == (429, "too-many-codes")


async def test_it_is_turned_off_with_a_code(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        assert refused(await press(browser, f"{HERE}/off", code="1")) == (409, "second-step-off")
        *_, codes = await set_up(browser)
        assert refused(await press(browser, HERE)) == (409, "second-step-on")
        shown = await press(browser, f"{HERE}/codes", code=codes[0])
        new = CODE.findall(shown.text)
        assert (len(new), set(new) & set(codes)) == (10, set())
        assert (await press(browser, f"{HERE}/off", code=new[0])).headers["location"] == HERE
        assert "Set it up" in (await browser.get(HERE)).text
    async with node.signed_in(ann.id) as again:
        assert (await again.get("/account")).status_code == 200
