"""The product against an oracle written from CONTRACT alone (tests/slow/oracle): random sequences of claims,
replacements, voids, requests and cancellations. The long form: python -m tests.slow.oracle.run 2000."""

from tests.slow.oracle.run import all_sequences

SEQUENCES = 75


def test_random_sequences_agree_with_the_oracle() -> None:
    assert list(all_sequences(SEQUENCES)) == []
