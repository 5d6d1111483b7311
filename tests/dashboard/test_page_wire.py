"""What a web socket tells of files: whose they are, and for how long that is known."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import wire


@pytest.fixture(autouse=True)
def nothing_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody was offered anything yet."""
    monkeypatch.setattr(wire, "_offered", {})


def told(token: str, kind: str, **values: object) -> None:
    """A page of a session is told of an element."""
    wire.note(token, ForwardMsg(delta={"new_element": {kind: values}}).SerializeToString())


def test_a_file_is_whose_page_showed_it() -> None:
    told("one", "imgs", imgs=[{"url": "/media/0a.png"}, {"url": "https://else.where/0b.png"}])
    wire.note("one", ForwardMsg(logo={"image": "/media/0c.svg"}).SerializeToString())
    told("two", "download_button", url="/media/0d.csv")
    files = [f"/media/0{letter}.x" for letter in "abcd"]
    assert [wire.is_file("one", it) for it in files] == [True, False, True, False]
    assert [wire.is_file("two", it) for it in files] == [False, False, False, True]
    assert not any(wire.is_file("three", it) for it in files)


def test_what_a_person_typed_offers_nothing() -> None:
    told("one", "markdown", body="/media/0a.png")
    told("one", "text_input", label="/media/0a.png", default="/media/0a.png")
    told("one", "alert", body="No item /media/0a.png.")
    assert not wire.is_file("one", "/media/0a.png")


def test_what_was_offered_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST", 2)
    for token in ("one", "two", "three"):
        for number in "1213":  # 1 is seen again before 3 comes
            told(token, "download_button", url=f"/media/{number}.csv")
    known = {
        at for at in "123" for token in ("two", "three") if wire.is_file(token, f"/media/{at}")
    }
    assert known == {"1", "3"} and not wire.is_file("one", "/media/3")
