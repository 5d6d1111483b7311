"""Reports by mail: what comes, to whom, and what is told when it does not."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import dagster as dg
import openpyxl
import polars as pl
import pytest
from builders import NOW, country, issue, item_line, push, receipt, run
from posting import PASSWORD, REFUSED, USER, posting
from said import Call, complains

from pipelines import crontab, definitions, scheduled, servers, up
from pipelines import home as homes
from pipelines.home import Home


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with stock; not to be changed."""
    home = homes.make(tmp_path_factory.mktemp("stocked") / "home")
    push(home, 1, "1", country())
    push(home, 101, "1", [*receipt("S101", "2018-05-01", 9), item_line("S101", "AMOX", 7)])
    push(home, 102, "1", [*issue("S102", "2018-06-01", 2), item_line("S102", "AMOX", 3)])
    run(home)
    return home


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment."""
    monkeypatch.setenv("MAINSTEM_NOW", NOW)


def told(home: Home, port: int, more: str = "") -> None:
    """Let a home's mail go to a server."""
    text = home.toml.read_text(encoding="utf-8").split("[mail]")[0]
    mail = f'[mail]\nserver = "127.0.0.1:{port}"\nsecurity = "none"\nsender = "hub@example.org"\n'
    home.toml.write_text(text + mail + more, encoding="utf-8")


def test_a_report_comes_as_a_file(stocked: Home, call: Call) -> None:
    with posting() as kept:
        told(stocked, kept.port)
        said = call(
            "report", "stock-on-hand", "--store", "S101", "--mail", "a@example.org",
            "--mail", "b@example.org", at=stocked,
        )  # fmt: skip
    assert (said.status, said.out) == (0, "")
    assert said.err == "1 row sent to a@example.org, b@example.org.\n"
    (mail,) = kept
    assert (mail["To"], mail["From"]) == ("a@example.org, b@example.org", "hub@example.org")
    assert mail["Subject"].startswith("Mainstem: stock-on-hand, 2018-")
    body = mail.get_body()
    assert body is not None
    assert "1 row, data of cycle 1, 2018-" in body.get_content()
    assert "--store S101" in body.get_content()
    (file,) = mail.iter_attachments()
    assert str(file.get_filename()).startswith("stock-on-hand-2018-")
    sheet = openpyxl.load_workbook(BytesIO(file.get_content())).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)][-1] == "S101"


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "table"])
def test_in_the_format_that_is_asked_for(
    stocked: Home, call: Call, form: str, tmp_path: Path
) -> None:
    printed = tmp_path / "printed"
    with posting() as kept:
        told(stocked, kept.port)
        call(
            "report", "stock-on-hand", "--mail", "a@example.org", "--format", form,
            "--output", printed, at=stocked,
        )  # fmt: skip
    (file,) = kept[0].iter_attachments()
    content = file.get_content()
    content = content if isinstance(content, bytes) else content.encode()
    if form == "parquet":
        assert pl.read_parquet(BytesIO(content)).equals(pl.read_parquet(printed))
    else:
        assert content.replace(b"\r\n", b"\n").strip() == printed.read_bytes().strip()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_may_ask_for_a_password(
    stocked: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("report", "sync", "--mail", "a@example.org")
    with posting(asks=True) as kept:
        told(stocked, kept.port)
        complains(call(*asked, at=stocked), "did not take the mail")
        told(stocked, kept.port, f'user = "{USER}"\n')
        monkeypatch.setenv("MAINSTEM_MAIL_PASSWORD", "wrong")
        complains(call(*asked, at=stocked), "did not take the mail")
        monkeypatch.setenv("MAINSTEM_MAIL_PASSWORD", PASSWORD)
        assert call(*asked, at=stocked).status == 0
    assert len(kept) == 1


def test_what_cannot_be_sent_is_told(stocked: Home, call: Call) -> None:
    asked = ("report", "sync", "--mail")
    told(stocked, 1)
    complains(call(*asked, "a@example.org", at=stocked), "127.0.0.1:1 did not take the mail")
    for wrong in ("nowhere", "a@b@c", "a b@example.org", "a@example.org\nBcc: c@example.org"):
        complains(call(*asked, wrong, at=stocked), "is no mail address")
    with posting() as kept:
        told(stocked, kept.port)
        said = call(*asked, "a@example.org", "--mail", REFUSED, at=stocked)
        complains(said, f"refused {REFUSED}; others have it")
        complains(call(*asked, REFUSED, at=stocked), "did not take the mail")
    assert len(kept) == 1
    stocked.toml.write_text("", encoding="utf-8")
    complains(call(*asked, "a@example.org", at=stocked), "No mail server is set", "[mail]")
    complains(
        call("report", "nothing", "--mail", "a@example.org", at=stocked), "There is no report"
    )


WEEKLY = """
[[reports]]
name = "stock-on-hand"
to = ["a@example.org"]
cron = "0 7 * * 1"
format = "csv"
store = ["S102"]
"""


def test_a_scheduled_report_is_sent_by_dagster(
    stocked: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_HOME", str(stocked.path))
    with posting() as kept:
        told(stocked, kept.port, WEEKLY)
        scheduled.check(stocked.settings())
        (weekly,) = scheduled.schedules(stocked.settings())
        assert (weekly.cron_schedule, weekly.execution_timezone) == ("0 7 * * 1", "UTC")
        moment = datetime(2018, 7, 2, 7, tzinfo=UTC)
        tick = weekly.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=moment))
        (asked,) = tick.run_requests or ()
        assert scheduled.job.execute_in_process(run_config=asked.run_config).success
    (mail,) = kept
    (file,) = mail.iter_attachments()
    assert file.get_content().splitlines()[1].startswith("S102,Store S102,AMOX,")


def test_the_hubs_schedules_have_it(stocked: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTEM_HOME", str(stocked.path))
    told(stocked, 1, WEEKLY)
    assert [one.name for one in definitions._scheduled()] == ["00_stock_on_hand"]
    both = up.dagster(stocked, 3000, loop=True)
    assert [one.name for one in both] == ["dagster", "daemon"]
    assert all(one.environment["MAINSTEM_LOOP"] == "1" for one in both)
    told(stocked, 1)
    assert [one.name for one in up.dagster(stocked, 3000, loop=True)] == ["dagster"]
    assert definitions._scheduled() == []


@pytest.mark.parametrize(
    ("line", "instead", "wanted"),
    [
        ('name = "stock-on-hand"', 'name = "stock"', "reports.name is 'stock'"),
        ('name = "stock-on-hand"', "", "lacks name"),
        ('to = ["a@example.org"]', "to = []", "lacks to"),
        ('to = ["a@example.org"]', 'to = ["a"]', "a list of mail addresses"),
        ('to = ["a@example.org"]', 'to = ["a b@c"]', "a list of mail addresses"),
        ('cron = "0 7 * * 1"', 'cron = "mondays"', "crontab's five fields"),
        ('cron = "0 7 * * 1"', 'cron = "99 7 * * 1"', "crontab's five fields"),
        ('format = "csv"', 'format = "doc"', "must be one of table, csv"),
        ('store = ["S102"]', "within = 30", "takes no --within"),
        ('store = ["S102"]', 'stores = ["S102"]', "reports.stores is not a key"),
        ("[[reports]]", "[reports]", "[[reports]] of its own"),
    ],
)
def test_a_bad_schedule_is_told_before_anything_is_started(
    stocked: Home, call: Call, line: str, instead: str, wanted: str
) -> None:
    told(stocked, 1, WEEKLY.replace(line, instead))
    complains(call("up", "--gateway-port", servers.free_port(0), at=stocked), wanted)


@pytest.mark.parametrize(
    ("cron", "is_one"),
    [
        ("0 7 * * 1", True), ("*/15 6-18 1,15 jan-mar MON-FRI", True), ("0 0 31 12 7", True),
        ("5/10 * * * *", True), ("60 7 * * 1", False), ("0 24 * * *", False),
        ("0 0 0 * *", False), ("0 0 * 13 *", False), ("0 0 * * 8", False), ("0 0 * * fri-", False),
        ("0 0 * * 5-1", False), ("*/0 * * * *", False), ("0 0 * *", False), ("0 0 * * * *", False),
        ("1/2/3 * * * *", False), ("1-2-3 * * * *", False), ("0  0 * * *", False),
        ("@daily", False), ("², * * * *", False), ("", False), (7, False),
    ],
)  # fmt: skip
def test_what_a_crontab_may_say_is_what_dagster_takes(cron: object, is_one: bool) -> None:
    assert crontab.is_one(cron) == is_one
    if is_one:
        assert dg.ScheduleDefinition(name="any", job=scheduled.job, cron_schedule=str(cron))


def test_bad_settings_of_a_schedule_are_named_by_every_command(stocked: Home, call: Call) -> None:
    told(stocked, 1, WEEKLY.replace("0 7", "99 7"))
    for command in ("status", "sync"):
        complains(call(command, at=stocked), "reports.cron is '99 7 * * 1'")


def test_reports_need_a_server_and_dagster(stocked: Home, call: Call) -> None:
    told(stocked, 1, WEEKLY)
    port = servers.free_port(0)
    said = call("up", "--no-dagster", "--gateway-port", port, at=stocked)
    complains(said, "--no-dagster")
    stocked.toml.write_text(WEEKLY, encoding="utf-8")
    complains(call("up", "--gateway-port", port, at=stocked), "no mail server", "[mail]")
