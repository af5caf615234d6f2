"""A demo that cannot start says in one sentence why, and leaves nothing behind."""

import re
import socket
from pathlib import Path

from tests.api.demo.demo_process import Place, free_ports, started


async def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    sentence = (
        "Port {} on 127.0.0.1 is in use. End the program that uses it "
        "(another demo, perhaps) and try again.\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started(Place(tmp_path, (free_ports()[0], port))) as demo:
            code, said = await demo.ended()
    assert (code, said) == (1, sentence.format(port))
    assert not demo.place.kept.exists()


async def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".netreach").write_text("a file where the folder should be")
    async with started(Place(tmp_path, free_ports())) as demo:
        code, said = await demo.ended()
    assert code == 1
    assert re.fullmatch(r"The demo cannot write here: .*\. Run it in a folder .*\.\n", said)


async def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    place = Place(tmp_path, free_ports())
    unset, *command = place.command[1:][1:]
    assert unset == "DATABASE_URL"
    nowhere = f"DATABASE_URL=postgresql://nobody@127.0.0.1:{free_ports()[0]}/none"
    async with started(place, ["env", nowhere, *command]) as demo:
        code, said = await demo.ended()
    assert code == 1
    assert re.fullmatch(r"The demo cannot use this PostgreSQL: .*\n", said)
