"""Where a store is: its name's custom_data says it, else the name's tags, else its category."""

from book import Book
from scene import Line

from warehouse import report
from warehouse.scope import Scope

Place = tuple[str | None, str | None]
TAGS: list[Line] = [
    ["name_tag", "TR", {"description": "Region: West"}],
    ["name_tag", "TD", {"description": "district:Dunes"}],
    ["name_tag", "TX", {"description": "Hospital"}],
    ["name_tag", "TE", {"description": "region:"}],
]
CATEGORIES: list[Line] = [
    ["name_category1_level1", "C1", {"description": "East"}],
    ["name_category1_level1", "N1", {"description": "None"}],
    ["name_category1_level2", "C2", {"description": "Hills", "parent_ID": "C1"}],
    ["name_category1_level2", "N2", {"description": "None", "parent_ID": "N1"}],
    ["name_category1", "C3", {"description": "Upper hills", "parent_ID": "C2"}],
    ["name_category1", "N3", {"description": "South", "parent_ID": "N2"}],
    ["name_category1", "NN", {"description": "None", "parent_ID": "N2"}],
    ["name_category1", "LOST", {"description": "Coast", "parent_ID": "gone"}],
]


def place(book: Book, code: str) -> Place:
    """The region and district of a store."""
    told = "select region, district from store where store_code = ?"
    with report.opened(book.scene.hub.home.reports) as con:
        ((region, district),) = con.execute(told, [code]).fetchall()
    return region, district


def named(code: str, **told: object) -> Line:
    """The name of a store."""
    return ["name", f"NAME{code}", {"code": code, "type": "store", **told}]


def tagged(code: str, *tags: str) -> list[Line]:
    """The tags of a store's name."""
    return [
        ["name_tag_join", f"{code}-{tag}", {"name_ID": f"NAME{code}", "name_tag_ID": tag}]
        for tag in tags
    ]


def test_what_the_name_says_stands_first_then_its_tags_then_its_category(book: Book) -> None:
    both = [*TAGS, *CATEGORIES, *tagged("B", "TX", "TE", "TR", "TD"), *tagged("C", "TR")]
    both += [
        named("B", category1_ID="C3", custom_data={"region": "South", "district": ""}),
        named("C", category1_ID="C3"),
        named("D", category1_ID="C3"),
    ]
    book.cycle({1: both})
    assert place(book, "B") == ("South", None), "a district of another source may be elsewhere"
    assert place(book, "C") == ("West", None)
    assert place(book, "D") == ("East", "Hills")
    assert place(book, "E") == (None, None)


def test_of_a_category_the_levels_that_say_something_count(book: Book) -> None:
    told = {"B": "N3", "C": "NN", "D": "LOST", "E": "gone"}
    names = [named(code, category1_ID=category) for code, category in told.items()]
    book.cycle({1: [*CATEGORIES, *names]})
    assert [place(book, code) for code in told] == [
        ("South", None), (None, None), ("Coast", None), (None, None)
    ]  # fmt: skip


def test_a_tag_that_is_taken_off_or_renamed_counts_no_more(book: Book) -> None:
    book.cycle({1: [*TAGS, *tagged("C", "TR", "TD")]})
    assert place(book, "C") == ("West", "Dunes")
    book.cycle({1: [
        ["delete", "name_tag_join", "C-TD"],
        ["name_tag", "TR", {"description": "region: Far west"}],
    ]})  # fmt: skip
    assert place(book, "C") == ("Far west", None)


def test_filters_and_grants_go_by_the_place_wherever_it_stands(book: Book) -> None:
    stocked = [["item_line", "L1", {"store_ID": "C", "item_ID": "I1", "quantity": 5,
                                    "available": 5, "pack_size": 1, "cost_price": 1}]]  # fmt: skip
    book.cycle({1: [*TAGS, *tagged("C", "TR")], 103: stocked})
    rows = book.report("stock-on-hand", regions=("West",))
    assert [row[0] for row in rows] == ["C"]
    assert book.report("stock-on-hand", regions=("North",)) == []
    with report.opened(book.scene.hub.home.reports, scope=Scope(regions=("West",))) as con:
        assert con.execute("select store_code from marts.store").fetchall() == [("C",)]
