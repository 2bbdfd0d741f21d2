"""The version of the program. pyproject.toml has the same; a test holds the two together."""

VERSION = "0.2.0"
