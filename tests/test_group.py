"""The group of all doors: its help tells of each by what it is for, in README's order."""

import re
from pathlib import Path

import click
from click.testing import CliRunner

from corpus.doors.group import SECTIONS
from pipeline import main

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_door_is_told_in_a_section_of_readme() -> None:
    told = [name for names in SECTIONS.values() for name in names]
    assert sorted(told) == sorted(main.commands)
    assert [title for title in re.findall(r"^### (.+)$", README, re.MULTILINE) if title in SECTIONS] == list(SECTIONS)
    assert [name for name in told if f"baotinh {name}" not in README] == []
    said = CliRunner().invoke(main, ["--help"]).stdout
    places = [said.index(f"\n{title}:\n") for title in SECTIONS]
    assert places == sorted(places)
    assert "..." not in said[places[0] :]


def test_every_door_gives_an_example_that_names_it() -> None:
    doors = {name: door for name, door in main.commands.items() if not isinstance(door, click.Group)}
    assert [name for name, door in doors.items() if f"Example: baotinh {name}" not in (door.help or "")] == []
