"""The Python door (CONTRACT section 10): what `x12_payer` names, used as its readers would."""

import ast
import subprocess
import sys
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

import x12_payer as x12
from tests.worlds.places import ROOT, SAMPLES
from x12_payer import StoreError

STORY = SAMPLES / "03-therapy"
REQUEST, VISITS, LEFT = sorted((STORY / "inbound").glob("*.x12"))
STEPS = tomllib.loads((STORY / "story.toml").read_text(encoding="utf-8"))["step"]
AS_OF = {STORY / name: datetime.fromisoformat(step["as_of"]) for step in STEPS for name in step["inbound"]}
FILES = sorted(SAMPLES.glob("*/*/*.x12"))


# -- the names ---------------------------------------------------------------------------------------------


def test_every_public_name_is_typed_and_there() -> None:
    tree = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(x12.__all__) == typed == set(dir(x12))
    for name in x12.__all__:
        assert getattr(x12, name) is not None


def test_importing_the_package_imports_none_of_its_rooms() -> None:
    program = "import sys, x12_payer; print(sorted(m for m in sys.modules if m.startswith('x12_payer.')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'decide'"):
        x12.decide  # noqa: B018


# -- read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_tree_loses_nothing(path: Path) -> None:
    content = path.read_bytes()
    trees = list(x12.read(path))
    if not trees:
        assert b"ISA" not in content
        return
    assert trees[0].before + b"".join(tree.raw for tree in trees) == content
    for tree in trees:
        for one in tree.sets:
            segments = list(one.segments)
            assert segments[0] == one.header
            assert one.trailer is None or segments[-1] == one.trailer


def test_a_tree_has_groups_sets_and_segments() -> None:
    (tree,) = x12.read(VISITS)
    (group,) = tree.groups
    assert (group.version, [one.id for one in group.sets]) == ("005010X222A1", ["837"])
    claim = next(s for s in group.sets[0].segments if s.tag == "CLM")
    assert (claim.at(5, 2), claim.at(99), claim.at(5, 9)) == ("B", "", "")
    assert str(claim).startswith("CLM*")
    assert tree.trailer is not None
    assert tree.trailer.at(2) == tree.control_number


def test_text_and_bytes_are_read_as_a_path_is() -> None:
    content = REQUEST.read_bytes()
    ways: list[Path | str | bytes] = [REQUEST, str(REQUEST), content, content.decode("latin-1")]
    assert len({tuple(map(str, next(x12.read(way)).segments)) for way in ways}) == 1


def test_a_set_or_group_without_its_end_has_no_trailer() -> None:
    text = REQUEST.read_bytes()
    cut = text[: text.index(b"SE*")]
    (tree,) = x12.read(cut)
    (group,) = tree.groups
    (one,) = group.sets
    assert (tree.trailer, group.trailer, one.trailer) == (None, None, None)
    assert one.raw == cut[cut.index(b"ST*") :]


def test_a_header_that_cannot_be_read_says_why() -> None:
    (tree,) = x12.read(REQUEST.read_bytes().replace(b"*00*", b"*0*", 1))
    assert tree.groups == ()
    assert "ISA01" in tree.trouble


def test_a_path_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        next(x12.read(tmp_path / "none.x12"))


# -- validate ----------------------------------------------------------------------------------------------


def test_a_valid_file_has_no_findings() -> None:
    assert x12.validate(REQUEST, as_of=date(2026, 7, 6)) == ()


def test_a_fault_has_its_place() -> None:
    text = REQUEST.read_text().replace("BHT*0007*", "BHT*0008*", 1)
    (found,) = [one for one in x12.validate(text, as_of=date(2026, 7, 6)) if one.is_error]
    assert (found.tag, found.element, found.snip) == ("BHT", 1, 2)


# -- parse -------------------------------------------------------------------------------------------------


def test_messages_are_typed() -> None:
    kinds = {type(message).__name__ for path in (REQUEST, VISITS, LEFT) for message in x12.parse(path)}
    assert kinds == {"ReviewRequest", "Claim", "EligibilityRequest"}


# -- Payer -------------------------------------------------------------------------------------------------


def test_a_payer_answers_as_the_command_does() -> None:
    with x12.Payer() as payer:
        payer.load(STORY / "data")
        answered = [file for path, as_of in AS_OF.items() for file in payer.process(path, as_of=as_of)]
    golden = {path.name: path.read_bytes() for path in (STORY / "expected").iterdir()}
    assert {file.name: file.content for file in answered} == golden
    assert {"278", "277CA", "835", "271"} < {file.kind for file in answered}


def test_claims_that_are_not_paid_at_once_are_paid_by_the_run() -> None:
    with x12.Payer() as payer:
        payer.load(STORY / "data")
        payer.process(REQUEST, as_of=AS_OF[REQUEST])
        assert payer.process(VISITS, as_of=AS_OF[VISITS], pay=False).of("835") == ()
        (remittance,) = payer.pay(AS_OF[LEFT]).of("835")
        assert list(payer.pay(AS_OF[LEFT])) == []
    assert remittance.read().control_number
    assert "CLP*" in remittance.text


def test_a_file_sent_again_is_answered_by_the_same_bytes(tmp_path: Path) -> None:
    with x12.Payer(tmp_path / "store.db") as payer:
        payer.load(STORY / "data")
        first = payer.process(REQUEST, as_of=AS_OF[REQUEST])
        again = payer.process(REQUEST, as_of=AS_OF[LEFT])
    assert again.files == first.files
    assert [report.repeated for report in again.reports] == [True]


def test_bytes_have_a_name_when_they_are_given_one() -> None:
    with x12.Payer() as payer:
        payer.load(STORY / "data")
        answers = payer.process(REQUEST.read_bytes(), as_of=AS_OF[REQUEST], name="mine.x12")
    assert all(file.name.startswith("mine.") for file in answers)
    assert len(answers) == 2


def test_faulty_reference_data_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("member_id,colour\n1,blue\n")
    with x12.Payer() as payer, pytest.raises(x12.ReferenceDataError) as refused:
        payer.load(tmp_path)
    assert any("members.csv" in problem for problem in refused.value.problems)


def test_a_payer_without_data_says_so() -> None:
    with x12.Payer() as payer, pytest.raises(x12.ReferenceDataError, match="nothing is loaded"):
        payer.process(REQUEST)


def test_a_store_that_cannot_be_opened_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        x12.Payer(tmp_path / "none" / "store.db")


# -- the fixture -------------------------------------------------------------------------------------------

USERS_TEST = """
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent


def test_a_request_is_answered(payer):
    answers = payer.process(HERE / "request.x12", as_of=datetime(2026, 7, 6, 12))
    assert answers.kinds == ("999", "278")


def test_the_next_test_has_a_payer_of_its_own(payer):
    answers = payer.process(HERE / "request.x12", as_of=datetime(2026, 7, 6, 12))
    assert not answers.reports[0].repeated
"""


def test_the_fixture_loads_the_data_beside_a_test(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(USERS_TEST)
    (tmp_path / "request.x12").write_bytes(REQUEST.read_bytes())
    (tmp_path / "data").symlink_to(STORY / "data")
    command = [sys.executable, "-m", "pytest", "-q", "test_mine.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


# -- typed from outside ------------------------------------------------------------------------------------

USERS_SCRIPT = """
from datetime import datetime

import x12_payer as x12
from tests.worlds.places import ROOT, SAMPLES

for interchange in x12.read("claims.x12"):
    number: str = interchange.control_number
    for one in interchange.sets:
        for segment in one.segments:
            element: str = segment.at(5, component=2)
codes: list[str] = [found.code for found in x12.validate(b"", snip=2)]
for message in x12.parse("claims.x12"):
    if isinstance(message, x12.Diagnostic):
        code: str = message.code
with x12.Payer(":memory:") as payer:
    answers: x12.Answers = payer.process(b"", as_of=datetime(2026, 7, 6))
    text: str = answers.of("835")[0].text
"""


def test_a_users_script_is_typed(tmp_path: Path) -> None:
    script, wrong = tmp_path / "script.py", tmp_path / "wrong.py"
    script.write_text(USERS_SCRIPT)
    wrong.write_text("import x12_payer as x12\n\nx12.validate(3)\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", f"--cache-dir={tmp_path}/cache"]
    environment = {"MYPYPATH": str(ROOT / ".typing"), "PATH": "/usr/bin"}
    good = subprocess.run([*command, script], capture_output=True, text=True, env=environment, check=False)
    assert good.returncode == 0, good.stdout
    bad = subprocess.run([*command, wrong], capture_output=True, text=True, env=environment, check=False)
    assert "[arg-type]" in bad.stdout
