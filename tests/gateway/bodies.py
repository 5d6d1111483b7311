"""Broken bodies: what no client sends and anybody may; and where they are sent."""

import gzip
import json
from typing import Any

PACKED = gzip.compress(b'{"queueLength":0,"data":[]}')
DEEP = 100_000
RECORD: dict[str, Any] = {
    **{"syncOutId": "1", "tableName": "item_line", "recordId": "L", "action": "Update"},
    "recordData": {"ID": "L", "store_ID": "S101"},
}
WRONG = [
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    10**40,
    "",
    "x",
    "\0",
    "\ud800",
    [],
    [[]],
    {},
    {"a": [None]},
]


def values(told: Any) -> list[bytes]:
    """A JSON body with a wrong value in every place of it."""
    found = [json.dumps(wrong).encode() for wrong in WRONG]
    for key in told if isinstance(told, dict) else ():
        found += [json.dumps({k: v for k, v in told.items() if k != key}).encode()]
        for wrong in WRONG:
            found.append(json.dumps({**told, key: wrong}).encode())
    return found


def broken(good: dict[str, Any]) -> list[bytes]:
    """Bodies made of a good one."""
    text = json.dumps(good).encode()
    name = json.dumps(next(iter(good))).encode()
    more = [
        *(b'"deep":' + b"[" * 900 + b"]" * 900, name + b":1", b'"x":"\xff\xfe"'),
        *(b'"x":"\xed\xa0\x80"', b'"x":"\\ud800","y":"\\u0000"', b'"x":"\x01"', b""),
        *(b'"x":NaN,"y":-Infinity', b'"x":1e999999', b'"x":' + b"9" * 5000),
        b'"":"' + b"x" * 200_000 + b'"',
    ]
    return [
        *(b"", b" ", b"{", b"}", b'"', b"{]", b"null", b"nul", b"NaN", b"-Infinity", b"\x00"),
        *(PACKED, PACKED[:9], b"\x1f\x8b" + text, b"\xef\xbb\xbf" + text, b"9" * 5000),
        *(text[:-1], text + text, text + b"x", text[: len(text) // 2], text.replace(b":", b"=")),
        *(text.decode().encode("utf-16"), b"[" * DEEP, b"[" * DEEP + b"]" * DEEP),
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        *(text[:-1] + b"," + each + b"}" for each in more),
        *values(good),
    ]


def lines() -> list[Any]:
    """Records of a push that are none, or strange: accepted, and judged by the cycle."""
    data = RECORD["recordData"]
    return [
        *(wrong for wrong in WRONG if wrong != "\ud800"),
        *({**RECORD, key: wrong} for key in RECORD for wrong in WRONG),
        *({**RECORD, "recordData": {**data, key: wrong}} for key in data for wrong in WRONG),
        *({**RECORD, "tableName": told} for told in ("x" * 100_000, "../../etc", "a'; drop table")),
        {**RECORD, "recordId": "x" * 100_000},
        {**RECORD, "tableName": "site", "recordData": {"ID": "L", "site_ID": 101}},
        {**RECORD, "action": "merge", "recordData": {"mergeIdToKeep": "L", "mergeIdToDelete": "L"}},
    ]
