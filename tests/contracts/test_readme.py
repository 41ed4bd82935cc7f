"""What the READMEs promise is there, and what is there is in the READMEs."""

import typer
from tests.conftest import REPOSITORY

from diplolocal import cli

COMMANDS = getattr(typer.main.get_command(cli.app), "commands", {})


def test_every_command_is_in_the_readme_at_the_door() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert len(COMMANDS) >= 7
    assert [name for name in COMMANDS if f"| `diplolocal {name}" not in text] == []
