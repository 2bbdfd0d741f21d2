"""edi load: every bad row by file, line and column; all or nothing; the same twice changes nothing."""

from datetime import datetime
from pathlib import Path

import pytest

from x12_payer.adjudication.reference.reference import TABLES, Held, read_reference
from x12_payer.adjudication.store.store import open_store

PAYER = """
name = "TEST PLAN"
payer_id = "TST01"
tax_id = "990000009"
interchange_qualifier = "ZZ"
interchange_id = "TESTPLAN"
"""
PARTNERS = "qualifier,interchange_id,name\nZZ,SENDER01,A SENDER\n"
FEES = "plan_id,npi,code,modifier,basis,amount,effective_date,termination_date\n"


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder with these files; a name's __ is a point."""
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("*,,99213,,unit,12.50,2024-13-01,", "effective_date: '2024-13-01' is not a date YYYY-MM-DD"),
        ("*,,99213,,unit,12.50,20240101,", "is not a date YYYY-MM-DD; did you mean 2024-01-01?"),
        ("*,,99213,,unit,12.50,3/5/2024,", "is not a date YYYY-MM-DD; did you mean 2024-03-05?"),
        ("*,,99213,,unit,-1,2024-01-01,", "fees.csv:2: amount: '-1' is not a number of zero or more"),
        ("*,,99213,,unit,NaN,2024-01-01,", "fees.csv:2: amount: 'NaN' is not a number of zero or more"),
        ("*,,99213,,unit,1E999999,2024-01-01,", "amount: '1E999999' is not a number"),
        ("*,,99213,,unit,1e-30,2024-01-01,", "amount: '1e-30' is not a number"),
        ("*,,99213,,unit,1_000,2024-01-01,", "amount: '1_000' is not a number"),
        (f"*,,99213,,unit,{'9' * 44},2024-01-01,", "amount: has 44 digits before the point; 16 can be sent"),
        ("*,,99213,,unit,12.345,2024-01-01,", "amount: has more than 2 decimals"),
        ("*,,99213,,percent,120,2024-01-01,", "amount: 120 is more than 100 percent of the charge"),
        ("*,,99213,,unit,1,200.00,2024-01-01,", "amount: 1,200.00 is not in quotes and reads as two values"),
        ('*,,99213,,unit,"1,200.00",2024-01-01,', "; did you mean 1200.00?"),
        ("*,,99213,,hour,1,2024-01-01,", "'hour' is none of unit day case percent drg capitated"),
        ("*,,99213,,units,1,2024-01-01,", "; did you mean unit?"),
        ("*,,99213,,unit,1,2024-01-01,2023-12-31", "termination_date: 2023-12-31 is before effective_date"),
        ("*,,992133,,unit,1,2024-01-01,", "code: '992133' is no procedure, revenue or DRG code"),
        ("*,,99213,1,unit,1,2024-01-01,", "modifier: '1' is no modifier"),
        ("*,1911111115,99213,,unit,1,2024-01-01,", "npi: '1911111115' is not an NPI"),
        (
            "*,1911111114,99213,,unit,1,2024-01-01,",
            "npi: 1911111114 is no provider, loaded or in this load",
        ),
        ("*,,,,unit,1,2024-01-01,", "fees.csv:2: code: is empty"),
        ("NO-PLAN,,99213,,unit,1,2024-01-01,", "fees.csv:2: plan_id: 'NO-PLAN' names no plan"),
        ("BAY-HMOO,,99213,,unit,1,2024-01-01,", "; did you mean BAY-HMO?"),
        ("*,,99213,,unit,1,2024-01-01,,extra", "more values than columns"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_column(tmp_path: Path, row: str, said: str) -> None:
    _, problems = read_reference([folder(tmp_path, fees__csv=FEES + row + "\n")])
    assert len(problems) == 1, problems
    assert "fees.csv:2: " in problems[0]
    assert said in problems[0]


def test_every_bad_row_is_reported_in_one_go(tmp_path: Path) -> None:
    rows = "*,,99213,,unit,x,2024-01-01,\n*,,99214,,unit,1,2024-01-01,\n*,,,,unit,1,bad,\n"
    _, problems = read_reference([folder(tmp_path, fees__csv=FEES + rows)])
    assert [p.split("fees.csv:")[1].split(":")[0] for p in problems] == ["2", "4", "4"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("fees__csv", "plan_id,npi\n", "column is missing"),
        ("partners__csv", PARTNERS.replace("name", "nam"), "nam: no such column"),
        ("memebers__csv", "a,b\n", "no such table"),
        ("payer__toml", "name = 1\nname = 2\n", "payer.toml"),
        ("payer__toml", PAYER + 'colour = "blue"\n', "colour: no such setting"),
        ("payer__toml", PAYER.replace("tax_id", "taxid"), "tax_id: is missing"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    _, problems = read_reference([folder(tmp_path, **{name: text})])
    assert any(said in problem for problem in problems), problems


def test_latin_text_is_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_bytes(b"qualifier,interchange_id,name\nZZ,X,CAF\xc9\n")
    _, problems = read_reference([tmp_path])
    assert any("is not UTF-8" in p for p in problems)


def test_loading_twice_changes_nothing_and_an_update_changes_one_row(tmp_path: Path) -> None:
    fees = FEES + "*,,99213,,unit,100,2024-01-01,\n*,,99214,,unit,140,2024-01-01,\n"
    path = folder(tmp_path, payer__toml=PAYER, partners__csv=PARTNERS, fees__csv=fees)
    store = open_store(str(tmp_path / "store.db"))
    first = {c.table: (c.added, c.changed, c.unchanged) for c in store.load(read_reference([path])[0])}
    assert first["fees"] == (2, 0, 0)
    again = {c.table: (c.added, c.changed, c.unchanged) for c in store.load(read_reference([path])[0])}
    assert again["fees"] == (0, 0, 2)
    assert again["partners"] == (0, 0, 1)
    (path / "fees.csv").write_text(fees.replace("140", "150"), encoding="utf-8")
    third = {c.table: (c.added, c.changed, c.unchanged) for c in store.load(read_reference([path])[0])}
    assert third["fees"] == (0, 1, 1)
    assert store.payer is not None
    assert store.payer.payer_id == "TST01"
    assert store.partners == {("ZZ", "SENDER01")}


def test_every_table_has_a_key_of_its_own_columns() -> None:
    for spec in TABLES.values():
        assert set(spec.key) <= set(spec.columns), spec.name


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))
    with store.unit(datetime(2026, 7, 6)) as unit:
        assert [unit.take_numbers("x"), unit.take_numbers("x", 5), unit.take_numbers("x")] == [1, 2, 7]
    with store.unit(datetime(2026, 7, 6)) as unit:
        assert unit.take_numbers("x") == 8
        assert unit.take_numbers("y") == 1


def test_a_unit_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))

    def fail() -> None:
        with store.unit(datetime(2026, 7, 6)) as unit:
            unit.take_numbers("x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.unit(datetime(2026, 7, 6)) as unit:
        assert unit.take_numbers("x") == 1


# -- other tables ----------------------------------------------------------------------------------

NPI, OTHER_NPI = "1911111114", "1922222223"
PROVIDER = f"{NPI},1,LIN,MEI,043210001,207Q00000X,pcp,100 WHARF ST,BOSTON,MA,021100001"
MEMBER = (
    "M1000,M1000,18,RIVERA,JANE,1980-03-15,F,10 ELM ST,BOSTON,MA,021080001,BAY-HMO,G1,2026-01-01,,1911111114"
)
APPROVAL = f"AU1,M1000,authorization,approved,PT,{NPI},{NPI},97110,,,UN,3,2026-07-01,2026-07-01,2026-12-31,"


def with_row(tmp_path: Path, table: str, row: str, held: Held | None = None) -> tuple[str, ...]:
    """The problems of a good folder with one more row in a table."""
    rows = {"providers": [PROVIDER], "members": [MEMBER], "authorizations": [APPROVAL]}
    rows.setdefault(table, []).append(row)
    for name, lines in rows.items():
        text = "\n".join([",".join(TABLES[name].columns), *lines, ""])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_reference([tmp_path], held or Held())[1]


def changed(row: str, **values: str) -> str:
    """The row with other values: column number after a letter, from 0."""
    parts = row.split(",")
    for name, value in values.items():
        parts[int(name[1:])] = value
    return ",".join(parts)


WRONG_ROWS = [
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c6="Specialist"), "role: 'Specialist' is none of pcp"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c6="Specialist"), "; did you mean specialist?"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c6=""), "role: is empty"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c7="1" * 56), "address: has 56 characters; 55 is the most"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c8="B" * 31), "city: has 31 characters; 30 is the most"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c2="N" * 61), "name: has 61 characters; 60 is the most"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c3="N" * 36), "first_name: has 36 characters; 35 is the"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c9="MAS"), "state: 'MAS' is no state"),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c10="ABC"), "zip: 'ABC' is no ZIP code"),
    (
        "providers",
        changed(PROVIDER, c0=OTHER_NPI, c10="K1A 0B1"),
        "the postal code of another country than MA",
    ),
    (
        "providers",
        changed(PROVIDER, c0=OTHER_NPI, c4="12345"),
        "tax_id: is no employer identification number",
    ),
    ("providers", changed(PROVIDER, c0=OTHER_NPI, c5="207Q"), "taxonomy: '207Q' is no taxonomy code"),
    (
        "providers",
        changed(PROVIDER, c0=OTHER_NPI, c2="L☃"),
        "name: has a character that no interchange can carry",
    ),
    ("providers", changed(PROVIDER, c2="LYNN"), "npi: another row for the same npi as line 2"),
    (
        "members",
        changed(MEMBER, c0="M2", c5="03/15/1980"),
        "birth_date: is not a date YYYY-MM-DD: year, month",
    ),
    ("members", changed(MEMBER, c0="M2", c2="20"), "relationship: is none of 18 01 19 G8"),
    ("members", changed(MEMBER, c0="M2", c11="*"), "plan_id: names no plan"),
    (
        "members",
        changed(MEMBER, c0="M2", c14="2025-12-31"),
        "termination_date: is before effective_date",
    ),
    (
        "networks",
        f"{OTHER_NPI},BAY-HMO,2020-01-01,",
        "npi: 1922222223 is no provider, loaded or in this load",
    ),
    ("networks", f"{NPI},*,2020-01-01,", "plan_id: '*' names no plan"),
    ("consents", f"M9,{NPI},97110,2026-07-01,", "member_id: is no member, loaded or in this load"),
    ("consents", f"M1000,{OTHER_NPI},97110,2026-07-01,", "npi: 1922222223 is no provider"),
    ("accumulators", "M9,2026,deductible,1", "member_id: is no member"),
    ("accumulators", "M1000,26,deductible,1", "year: '26' is not a year"),
    ("accumulators", "M1000,2026,deductable,1", "is no accumulator of any plan; did you mean deductible?"),
    ("accumulators", "M1000,2026,deductible,1.005", "value: 1.005 is money and has more than 2 decimals"),
    ("accumulators", "M1000,2026,visits:PT-OT,1.0005", "value: has more than 3 decimals"),
    ("other_coverage", "M9,A,AA1,P1,primary,2026-01-01,", "member_id: is no member"),
    ("other_coverage", "M1000,A,A,P1,primary,2026-01-01,", "payer_id: has 1 characters; 2 is the least"),
    ("payees", f"{NPI},123456789,DA,7700", "routing_number: '123456789' is no bank routing number"),
    ("payees", f"{OTHER_NPI},990000026,DA,7700", "npi: 1922222223 is no provider"),
    (
        "authorizations",
        changed(APPROVAL, c0="AU2", c1="M9"),
        "member_id: is no member, loaded or in this load",
    ),
    ("authorizations", changed(APPROVAL, c0="AU2", c4="QQQ"), "service_type: 'QQQ' is no service type"),
    ("authorizations", changed(APPROVAL, c0="AU2", c4="", c7=""), "service_type: is empty, and so is code"),
    (
        "authorizations",
        changed(APPROVAL, c0="AU2", c14="2026-06-30"),
        "expiration_date: 2026-06-30 is before",
    ),
    ("authorizations", changed(APPROVAL, c0="AU2", c8="97109"), "code_to: 97110 to 97109 is not a range"),
    ("authorizations", changed(APPROVAL, c0="AU2", c8="9711T"), "code_to: 97110 to 9711T is not a range"),
    (
        "authorizations",
        changed(APPROVAL, c0="AU2", c7="", c8="97112"),
        "code_to: 97112 ends a range that has no",
    ),
    ("authorizations", changed(APPROVAL, c0="AU2", c10=""), "unit: is empty"),
    (
        "authorizations",
        changed(APPROVAL, c0="AU2", c6=OTHER_NPI),
        "provider_npi: 1922222223 is no provider",
    ),
    ("authorizations", changed(APPROVAL, c0="AU2", c15="ZZZ"), "reason: 'ZZZ' is no decision reason"),
    *(
        ("authorizations", changed(APPROVAL, c0=f"AU{sign}2"), f"'AU{sign}2' holds {sign}, a usual separator")
        for sign in "*:^~|"
    ),
    ("authorizations", changed(APPROVAL, c0="AU☃2"), "has a character that no interchange can carry"),
    ("authorizations", changed(APPROVAL, c0="AU\x1d2"), "has a character that no interchange can carry"),
    ("members", changed(MEMBER, c0="M2:1", c1="M1000", c2="19"), "member_id: holds :, a usual separator"),
    ("members", changed(MEMBER, c0="M2", c12="G*1"), "group_number: holds *, a usual separator"),
    ("partners", "ZZ,SENDER:1,A SENDER", "interchange_id: 'SENDER:1' holds :, a usual separator"),
    ("other_coverage", "M1000,A,A~1,P1,primary,2026-01-01,", "payer_id: 'A~1' holds ~, a usual sep"),
    ("other_coverage", "M1000,A,AA1,P^1,primary,2026-01-01,", "policy_id: holds ^, a usual separator"),
    (
        "members",
        changed(MEMBER, c0="M2", c1="M1001", c2="19"),
        "subscriber_id: is no member, loaded or in this load; did you mean that of ",
    ),
    (
        "networks",
        "1911111205,BAY-HMO,2020-01-01,",
        "1911111205 is no provider, loaded or in this load; did you mean 1911111114?",
    ),
    (
        "authorizations",
        changed(APPROVAL, c0="A" * 51),
        "authorization_number: has 51 characters; 50 is the most",
    ),
]


@pytest.mark.parametrize(("table", "row", "said"), WRONG_ROWS)
def test_what_could_never_apply_or_be_sent_is_refused(
    tmp_path: Path, table: str, row: str, said: str
) -> None:
    (problem,) = with_row(tmp_path, table, row)
    line = 3 if table in ("providers", "members", "authorizations") else 2
    assert f"{table}.csv:{line}: " in problem
    assert said in problem


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("providers", changed(PROVIDER, c0=OTHER_NPI, c2="PEÑA", c9="ON", c10="K1A 0B1", c4="")),
        ("members", changed(MEMBER, c13="2027-01-01", c11="BAY-PPO")),
        ("members", MEMBER),
        ("members", changed(MEMBER, c0="M2", c2="19")),
        ("members", changed(MEMBER, c0="M2 (B)/7", c1="M1000", c2="19")),
        ("providers", changed(PROVIDER, c0=OTHER_NPI, c2="LYNN: EAST * WEST")),
        ("authorizations", changed(APPROVAL, c0="A" * 50)),
        ("authorizations", changed(APPROVAL, c0="au-2/7 (B)")),
        ("networks", f"{NPI},BAY-HMO,2020-01-01,2020-01-01"),
        ("accumulators", "M1000,2026,visits:CHIRO,3"),
        ("fees", f"*,{NPI},0450,,percent,62.5,2024-01-01,"),
        ("fees", "BAY-HMO,,470,,drg,12000.00,2024-01-01,"),
        ("fees", "*,,D2740,,unit,0,2024-01-01"),
        ("authorizations", changed(APPROVAL, c7="", c9="GP 59")),
        ("authorizations", changed(APPROVAL, c7="81105", c8="81408", c4="")),
    ],
)
def test_what_may_apply_is_taken(tmp_path: Path, table: str, row: str) -> None:
    assert with_row(tmp_path, table, row) == ()


def test_nobody_is_named_in_an_error(tmp_path: Path) -> None:
    row = changed(
        MEMBER, c0="SECRETID\t", c1="S", c3="SECRETNAME☃", c4="SECRETFIRST☃", c5="1980-99-99", c7="SECRETST☃"
    )
    problems = with_row(tmp_path, "members", row)
    assert {p.split(": ")[1] for p in problems} >= {"subscriber_id", "last_name", "birth_date", "address"}
    assert not any(word in p for p in problems for word in ("SECRET", "1980"))


def test_one_number_is_one_members(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(
        "\n".join([",".join(TABLES["members"].columns), MEMBER, changed(MEMBER, c0="M2000")]) + "\n"
    )
    (tmp_path / "providers.csv").write_text("\n".join([",".join(TABLES["providers"].columns), PROVIDER]))
    rows = [",".join(TABLES["authorizations"].columns), APPROVAL, changed(APPROVAL, c1="M2000", c7="97112")]
    (tmp_path / "authorizations.csv").write_text("\n".join(rows))
    _, problems = read_reference([tmp_path])
    assert problems == (
        f"{tmp_path}/authorizations.csv:3: member_id: AU1 is the number of another member above",
    )


def test_a_subscriber_may_be_below_or_in_the_store_and_the_nearest_is_named_by_its_line(
    tmp_path: Path,
) -> None:
    child = changed(MEMBER, c0="M2", c1="M3000", c2="19")
    parent = changed(MEMBER, c0="M3000", c1="M3000")
    (problem,) = with_row(tmp_path, "members", child)
    assert problem.endswith(f"did you mean that of {tmp_path}/members.csv:2?")
    assert with_row(tmp_path, "members", f"{child}\n{parent}") == ()
    assert with_row(tmp_path, "members", child, Held(members=lambda asked: set(asked) & {"M3000"})) == ()


def test_who_is_in_the_store_is_known(tmp_path: Path) -> None:
    held = Held(members=lambda _: {"M9"}, providers=lambda _: {OTHER_NPI})
    assert (
        with_row(tmp_path, "authorizations", changed(APPROVAL, c0="AU2", c1="M9", c6=OTHER_NPI), held) == ()
    )


def test_loading_in_parts_finds_what_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    first = folder(tmp_path / "1", payer__toml=PAYER)
    for name, row in (("providers", PROVIDER), ("members", MEMBER)):
        (first / f"{name}.csv").write_text(",".join(TABLES[name].columns) + "\n" + row + "\n")
    second = tmp_path / "2" / "authorizations.csv"
    second.write_text(",".join(TABLES["authorizations"].columns) + "\n" + APPROVAL + "\n")
    store = open_store(str(tmp_path / "edi.db"))
    assert len(read_reference([second], store.held)[1]) == 3
    data, problems = read_reference([first], store.held)
    assert problems == ()
    store.load(data)
    assert read_reference([second], store.held)[1] == ()


@pytest.mark.parametrize(
    ("sign", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")], ids=lambda value: repr(value)
)
def test_other_separators_are_named_once(tmp_path: Path, sign: str, words: str) -> None:
    text = (FEES + "*,,99213,,unit,1,2024-01-01,\n").replace(",", sign)
    _, problems = read_reference([folder(tmp_path, fees__csv=text)])
    assert problems == (
        f"{tmp_path}/fees.csv:1: columns separated by {words}; save the file with commas between them",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('time_zone = "Mars"', "time_zone: 'Mars' is no time zone such as America/New_York"),
        ('time_zone = "America/New_Yrok"', "; did you mean America/New_York?"),
        ('zip = "0211"', "zip: '0211' is no ZIP code"),
        ('contact_phone = "555"', "contact_phone: '555' is no telephone number of ten digits"),
        (f'address = "{"A" * 56}"', "address: has 56 characters; 55 is the most that can be sent"),
        ('routing_number = "123456789"', "routing_number: '123456789' is no bank routing number"),
        ("timely_filing_days = -1", "timely_filing_days: '-1' is not a whole number of days"),
        ("timely_filing_days = true", "timely_filing_days: is neither text nor a number"),
        ('interest_annual_percent = "ten"', "interest_annual_percent: 'ten' is not a number"),
        ('timezone = "America/New_York"', "timezone: no such setting; did you mean time_zone?"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, said: str) -> None:
    _, problems = read_reference([folder(tmp_path, payer__toml=f"{PAYER}{line}\n")])
    assert len(problems) == 1, problems
    assert said in problems[0]


def test_brackets_without_end_are_a_problem_of_their_file(tmp_path: Path) -> None:
    deep = "x = " + "[" * 60_000
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "deep.toml").write_text(deep)
    _, problems = read_reference([folder(tmp_path, payer__toml=deep)])
    assert len(problems) == 2
    assert all("brackets" in problem for problem in problems)


def test_a_quote_that_is_not_closed_is_one_problem(tmp_path: Path) -> None:
    _, problems = read_reference([folder(tmp_path, fees__csv=FEES + '*,,"99213,,unit,1,2024-01-01,\n')])
    assert len(problems) == 1
    assert "is a quote not closed?" in problems[0]
