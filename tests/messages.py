"""The messages of the dashboard, out of its code, and the catalogues that translate them.

`python -m tests.messages` brings dashboard/languages/*.po up to date: what the code says anew comes
in untranslated, what it says no more goes out. What is to be done by hand is printed.
"""

import ast
import re
from collections import Counter
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from dashboard import language, menu, spoken
from pipelines import history, registry
from quality import suites

ROOT = Path(language.__file__).parent
CODES = [code for code in spoken.NAMES if code != "en"]
# Where calls have messages: by the name that is called, places of arguments and their names.
SAYS: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "_": ((0,), ()),
    "n_": ((0, 1), ()),
    "mark": ((0,), ()),
    "View": ((0, 2), ("name", "empty")),
    "Figure": ((0, 3), ("label", "note")),
    "Chart": ((0, 1), ("title", "note")),
    **dict.fromkeys(
        ("text", "number", "time"),
        ((0,), ("label", "help")),
    ),
    "day": ((0, 2), ("label", "help", "note")),
    "link": ((0,), ("label", "help", "display_text")),
    "choose": ((1,), ("label",)),
    "one": ((1,), ("label",)),
    "several": ((0, 3), ()),
    "single": ((0, 3), ()),
    "_listed": ((0, 2), ()),
    "chart": ((0,), ("title",)),
    "find": ((0,), ("label",)),
    "page": ((0,), ("title",)),
    "about": ((2,), ("ask",)),
}
HEADER = """\
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""
# As gettext has them; CLDR tells millions apart, which nothing here needs.
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "pt": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 ? 4 : 5);",
}
KEPT = re.compile(r"\{\w+\}|\*\*|`[^`]*`")  # what a translation must have as the message has it


def template() -> Catalog:
    """All that the dashboard says."""
    catalog = Catalog()
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                _add(catalog, node, known, path.relative_to(ROOT.parent))
    for part, pages in menu.PAGES.items():
        for title in filter(None, (part, *pages.values())):
            catalog.add(title, locations=[("dashboard/menu.py", 0)])
    for reason in registry.reasons().values():
        catalog.add(reason.description, locations=[("warehouse/registry/reason.csv", 0)])
    for says in sorted({one.says for suite in suites.suites() for one in suite.expectations}):
        catalog.add(says, locations=[("quality/suites", 0)])
    catalog.add(history.JUDGE, locations=[("pipelines/history.py", 0)])
    return catalog


def _add(catalog: Catalog, call: ast.Call, known: dict[str, ast.expr], path: Path) -> None:
    """The messages of a call: literals, and names that the module gives to some."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    places, names = SAYS.get(called, ((), ()))
    told = [call.args[place] for place in places if place < len(call.args)]
    told += [keyword.value for keyword in call.keywords if keyword.arg in names]
    told = [known.get(it.id, it) if isinstance(it, ast.Name) else it for it in told]
    said = [it.value for it in told if isinstance(it, ast.Constant) and isinstance(it.value, str)]
    where = [(str(path), 0)]
    if called == "n_":
        catalog.add(tuple(said), locations=where)
    else:
        for message in filter(None, said):
            catalog.add(message, locations=where)


def read(code: str) -> Catalog:
    """The catalogue of a language; an empty one if there is none yet."""
    path = language.FOLDER / f"{code}.po"
    told = path.read_bytes() if path.exists() else _header(code)
    return read_po(BytesIO(told), code, abort_invalid=True)


def _header(code: str) -> bytes:
    return HEADER.format(code=code, plurals=PLURALS[code]).encode()


def update(code: str) -> None:
    """Bring the catalogue of a language up to date with the code."""
    known, told = read(code), read_po(BytesIO(_header(code)), code)
    for message in template():
        if not message.id:
            continue
        before = known.get(_key(message))
        string = before.string if before and before.id == message.id else None
        where = sorted({(path, 0) for path, _ in message.locations})
        told.add(message.id, string, locations=where, flags=before.flags if before else ())
    with (language.FOLDER / f"{code}.po").open("wb") as file:
        file.write(_header(code))
        write_po(file, told, width=100, omit_header=True, sort_by_file=True, include_lineno=False)


def problems(code: str) -> list[str]:
    """What is wrong with the catalogue of a language, a line for each message."""
    known = read(code)
    said = {message.id: message for message in template() if message.id}
    have = {message.id: message for message in known if message.id}
    found = [f"not in the catalogue: {id}" for id in said if id not in have]
    found += [f"said no more: {id}" for id in have if id not in said]
    for id, message in have.items():
        if message.fuzzy:
            found.append(f"fuzzy: {id}")
        found += [f"{wrong}: {id}" for wrong in _wrong(message, known.num_plurals)]
    return found


def _wrong(message: Message, plurals: int) -> list[str]:
    many = isinstance(message.id, tuple)
    strings = message.string if many else (message.string,)
    if len(strings) != (plurals if many else 1) or not all(strings):
        return ["not translated"]
    asked = _kept(message.id[1] if many else message.id)
    lacks = []
    for string in strings:
        kept = _kept(string)
        if many:  # a form such as the dual needs no number
            kept["{count}"] = asked["{count}"]
        if +kept != +asked:
            lacks.append(f"has {sorted(kept)} and not {sorted(asked)}")
    return lacks


def _kept(text: str) -> Counter[str]:
    return Counter(KEPT.findall(text))


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def main() -> None:
    """Update every catalogue, and print what is left to do."""
    for code in CODES:
        update(code)
        for line in problems(code):
            print(f"{code}: {line}")


if __name__ == "__main__":
    main()
