"""The hall of the house: one command a door, no logic of its own."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Báo Tỉnh: facts from Vietnam's provincial press."""
