"""When a query must come out empty, as SQL says: by which of the tables it reads are empty.

The answer is in clauses, each a set of tables: the query has no rows where those of any clause have
none. `()` has no clause: nothing is known; a clause of no table is always fulfilled.
"""

import json
from collections.abc import Callable, Iterable
from functools import cache
from itertools import product
from typing import Any

import duckdb

Clauses = frozenset[frozenset[str]]
Node = dict[str, Any]
Views = dict[str, Clauses]  # what is known of names that are no tables, such as CTEs
NEVER: Clauses = frozenset()


def either(clauses: Iterable[Clauses]) -> Clauses:
    """Empty where one of them is, the needless clauses left out."""
    found = {clause for one in clauses for clause in one}
    return frozenset(one for one in found if not any(other < one for other in found))


def both(clauses: Iterable[Clauses]) -> Clauses:
    """Empty where all of them are."""
    return either(frozenset([frozenset().union(*one)]) for one in product(*clauses))


JOINED: dict[str, Callable[[Clauses, Clauses], Clauses]] = {
    "INNER": lambda left, right: either([left, right]),
    "SEMI": lambda left, right: either([left, right]),
    "LEFT": lambda left, _: left,
    "ANTI": lambda left, _: left,
    "RIGHT": lambda _, right: right,
    "FULL": lambda left, right: both([left, right]),
}
SET: dict[str, Callable[[list[Clauses]], Clauses]] = {
    "UNION": both,
    "UNION_BY_NAME": both,
    "INTERSECT": either,
    "EXCEPT": lambda parts: parts[0],
}


def clauses(con: duckdb.DuckDBPyConnection, query: str, views: Views) -> Clauses:
    """The clauses of a query; `views` has what is known of the views it may read."""
    (text,) = con.execute("select json_serialize_sql(?)", [query]).fetchone() or ("",)
    told = json.loads(text)
    assert not told["error"], told
    (statement,) = told["statements"]
    return _query(statement["node"], views)


def _query(node: Node, outer: Views) -> Clauses:
    views = dict(outer)
    for cte in node["cte_map"]["map"]:
        views[cte["key"]] = _query(cte["value"]["query"]["node"], views)
    if node["type"] == "SELECT_NODE":
        return _select(node, views)
    if node["type"] == "SET_OPERATION_NODE":
        parts = node.get("children") or [node["left"], node["right"]]
        return SET[node["setop_type"]]([_query(part, views) for part in parts])
    if node["type"] == "RECURSIVE_CTE_NODE":  # what begins empty stays so
        return _query(node["left"], views)
    raise NotImplementedError(node["type"])


def _select(node: Node, views: Views) -> Clauses:
    if not _is_grouped(node) and any(map(_aggregates, [*node["select_list"], node["having"]])):
        return NEVER  # one row of nothing
    if len(node["group_sets"]) > 1:  # one of them may be of all rows, that is of none
        return NEVER
    conditions = [_condition(one, views) for one in _conjuncts(node["where_clause"])]
    return either([_from(node["from_table"], views), *conditions])


def _is_grouped(node: Node) -> bool:
    if node["aggregate_handling"] == "FORCE_AGGREGATES":  # group by all
        return not all(map(_aggregates, node["select_list"]))
    return bool(node["group_expressions"])


def _conjuncts(condition: Node | None) -> list[Node]:
    if condition is None:
        return []
    if condition["type"] == "CONJUNCTION_AND":
        return [one for child in condition["children"] for one in _conjuncts(child)]
    return [condition]


def _condition(node: Node, views: Views) -> Clauses:
    if node["type"] == "SUBQUERY" and node["subquery_type"] in ("ANY", "EXISTS"):
        return _query(node["subquery"]["node"], views)
    return NEVER


def _from(node: Node, views: Views) -> Clauses:
    kind = node["type"]
    if node.get("sample"):
        raise NotImplementedError("sample")
    if kind == "BASE_TABLE":
        name = ".".join(
            filter(None, (node[key] for key in ("catalog_name", "schema_name", "table_name")))
        )
        return views.get(name, frozenset([frozenset([name])]))
    if kind == "SUBQUERY":
        return _query(node["subquery"]["node"], views)
    if kind == "JOIN" and node["ref_type"] != "POSITIONAL":
        return JOINED[node["join_type"]](_from(node["left"], views), _from(node["right"], views))
    if kind in ("TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "COLUMN_DATA"):
        return NEVER
    raise NotImplementedError(kind)


def _aggregates(node: Any) -> bool:
    """Whether an expression aggregates: subqueries and windows do so for themselves."""
    if isinstance(node, list):
        return any(map(_aggregates, node))
    if not isinstance(node, dict) or node.get("class") in ("SUBQUERY", "WINDOW"):
        return False
    if node.get("class") == "FUNCTION" and node["function_name"] in _aggregate_names():
        return True
    return any(map(_aggregates, node.values()))


@cache
def _aggregate_names() -> frozenset[str]:
    with duckdb.connect() as con:
        names = "select distinct function_name from duckdb_functions() where function_type = ?"
        return frozenset(name for (name,) in con.execute(names, ["aggregate"]).fetchall())
