"""Of a long list the first are offered; what is typed finds the others."""

from typing import Any

import pytest
from shown import opened
from streamlit.proto.MultiSelect_pb2 import MultiSelect
from streamlit.testing.v1 import AppTest

from dashboard import many
from pipelines.home import Home


@pytest.fixture(autouse=True)
def long(traded: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of which every list of more than one thing is long."""
    monkeypatch.setenv("MAINSTEM_HOME", str(traded.path))
    monkeypatch.setenv("MAINSTEM_NOW", "2024-05-02T08:00:00")
    monkeypatch.setattr(many, "LISTED", 1)


def typed(app: AppTest, key: str, value: Any) -> AppTest:
    """The page after something was typed into a list."""
    app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def test_the_first_are_offered_and_what_the_url_names() -> None:
    app = opened("stock")
    assert app.multiselect(key="store").options == ["N1 · North hospital"]
    contains = MultiSelect.DESCRIPTOR.fields_by_name["filter_mode"].enum_type.values_by_name
    mode = app.multiselect(key="store").proto.filter_mode
    assert mode == contains["FILTER_MODE_CONTAINS"].number, "nothing that is only like it"
    app = opened("stock", store="S1")
    assert app.multiselect(key="store").options == ["S1 · South clinic", "N1 · North hospital"]
    assert app.multiselect(key="store").value == ["S1"]
    assert not app.warning


@pytest.mark.parametrize("text", ["s1", "South", " south CLIN "])
def test_what_one_has_in_its_name_chooses_it(text: str) -> None:
    app = typed(opened("stock", store="N1"), "store", ["N1", text])
    assert app.multiselect(key="store").value == ["N1", "S1"]
    assert app.query_params["store"] == ["N1", "S1"]
    assert not app.warning


def test_what_several_have_in_their_names_puts_them_first() -> None:
    app = typed(opened("stock", store="N1"), "store", ["N1", "clinic"])
    assert app.multiselect(key="store").value == ["N1"]
    (said,) = app.warning
    assert said.value == "Several have clinic in their names (2): they stand first in the list."
    assert app.multiselect(key="store").options[:2] == ["N1 · North hospital", "S1 · South clinic"]
    app.run()
    assert not app.warning, "it is said once, the list stays"
    assert len(app.multiselect(key="store").options) == 2, "of what was found so many are listed"


def test_what_nobody_is_called_is_told_and_left_out() -> None:
    app = typed(opened("stock", store="N1"), "store", ["N1", "*nobody*"])
    assert app.multiselect(key="store").value == ["N1"]
    assert [said.value for said in app.warning] == [r"There is no store \*nobody\*."]


def picked(app: AppTest, page: str, text: str) -> AppTest:
    """The page after something was typed into its list of one."""
    box = app.selectbox(key=f"one:{page}")
    box.options.append(text)
    return box.select(text).run()


def test_one_is_found_on_a_page_of_its_own_and_stays_when_nothing_is() -> None:
    app = picked(opened("store"), "store", "lake")
    assert app.query_params["store"] == "S2"
    assert app.subheader[0].value.startswith("S2 · Lake clinic")
    app = picked(app, "store", "nobody")
    assert app.query_params["store"] == "S2"
    assert [said.value for said in app.warning] == ["There is no store nobody."]
    assert picked(opened("site"), "site", "lake").query_params["site"] == "103"


def test_a_short_list_is_offered_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "LISTED", 9)
    app = opened("stock")
    assert len(app.multiselect(key="store").options) > 2
    assert not app.multiselect(key="store").help
