"""Makes mutants of SQL: one condition, join or constant turned, found by tokens of sqlglot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlglot.dialects import DuckDB
from sqlglot.tokens import Token

ROOT = Path(__file__).resolve().parents[2]
RULES = ("collector", "making", "transfers", "routing")
SWAPPED = {
    "=": "<>", "<>": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "and": "or", "or": "and",
    "true": "false", "false": "true", "union": "union all", "greatest": "least", "+": "-",
    "least": "greatest", "min": "max", "max": "min", "arg_min": "arg_max", "arg_max": "arg_min",
    "bool_or": "bool_and", "bool_and": "bool_or", "semi": "anti", "anti": "semi", "left": "inner",
    "distinct": "not distinct", "exists": "not exists",
}  # fmt: skip
# What stands after a word decides whether it is a function, a join or something else.
FUNCTIONS = {"greatest", "least", "min", "max", "arg_min", "arg_max", "bool_or", "bool_and"}


@dataclass(frozen=True)
class Mutant:
    """One turned place: the file, the line, what stood there and what stands there now."""

    path: Path
    line: int
    was: str
    now: str
    text: str
    stood: str
    stands: str

    @property
    def model(self) -> str:
        """The table that the file makes."""
        return f"{self.path.parent.name}.{self.path.stem}"

    @property
    def key(self) -> tuple[str, str, str]:
        """The mutant wherever its line stands in the file: the table, the line, the line turned."""
        return self.model, self.stood, self.stands

    def __str__(self) -> str:
        """The mutant as a person reads it."""
        turned = f"{self.was} -> {self.now or '(nothing)'}"
        return f"{self.model}:{self.line}: {turned}: {self.stands}"


def all_mutants(rules: Sequence[str] = RULES, files: Sequence[str] = ()) -> list[Mutant]:
    """Every mutant of the rules' folders, or of the files with these names alone."""
    return [
        mutant
        for rule in rules
        for path in sorted((ROOT / "pipelines" / rule).glob("*.sql"))
        if not files or path.stem in files
        for mutant in mutants(path)
    ]


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of one SQL file, in the order of the file."""
    text = path.read_text(encoding="utf-8")
    tokens = DuckDB.Tokenizer().tokenize(text)
    for at, token in enumerate(tokens):
        turned = _turned(tokens, at)
        if turned is None:
            continue
        # String tokens leave their quotes out of `text`, not of their place.
        was = text[token.start : token.end + 1]
        begin, end = text.rfind("\n", 0, token.start) + 1, text.find("\n", token.end)
        yield Mutant(
            path, text.count("\n", 0, begin) + 1, was, turned,
            text=text[: token.start] + turned + text[token.end + 1 :],
            stood=text[begin:end].strip(),
            stands=(text[begin : token.start] + turned + text[token.end + 1 : end]).strip(),
        )  # fmt: skip


def _turned(tokens: list[Token], at: int) -> str | None:
    """What a token becomes, or None where turning it would only break the SQL."""
    token = tokens[at]
    word = token.text.lower()
    before = tokens[at - 1].text.lower() if at else ""
    after = tokens[at + 1].text.lower() if at + 1 < len(tokens) else ""
    kind = token.token_type.name
    if kind == "STRING":
        named = tokens[at - 2].text.lower() if at > 1 else ""
        fixed = named in ("getvariable", "json_extract_string", "json_extract", "from_json")
        words = " " in token.text  # for people: what a verdict's detail says
        return None if fixed or words or token.text.startswith("$") else f"'{token.text}~'"
    if kind == "NUMBER":
        return None if before == "[" else str(int(token.text) + 1) if token.text.isdigit() else None
    if word == "and" and _is_between(tokens, at):
        return None
    if word == "not":
        return None if after in ("materialized", "null") and before != "is" else ""
    if word == "null" and before == "is":
        return "not null"
    if word in FUNCTIONS and after != "(":
        return None
    if word == "left" and after != "join":
        return None
    if word == "union" and (after == "all" or _is_inner_union(tokens, at)):
        return None
    if word == "distinct" and (before != "is" or after != "from"):
        return None
    if word == "=" and before in ("load", "key"):
        return None
    return SWAPPED.get(word)


def _is_between(tokens: list[Token], at: int) -> bool:
    """Whether an `and` is the one of a `between`."""
    for token in reversed(tokens[max(0, at - 12) : at]):
        if token.text.lower() in ("between", "and", "or", "where", "when", "on"):
            return token.text.lower() == "between"
    return False


def _is_inner_union(tokens: list[Token], at: int) -> bool:
    """Whether a later union of the same query makes the rows of this one distinct as well."""
    depth, words = 0, [token.text.lower() for token in tokens[at + 1 :]]
    for word, after in pairwise(words):
        depth += (word == "(") - (word == ")")
        if depth < 0 or (depth == 0 and word in ("except", "intersect")):
            return False
        if depth == 0 and word == "union" and after != "all":
            return True
    return False
