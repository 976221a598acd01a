"""Money: amounts with their currency, qualifier and rate."""

from extract.facts import MoneyFact
from extract.numbers import Number


def find_money(text: str, numbers: list[Number]) -> list[MoneyFact]:
    """Every amount of money of `text`, in order."""
    raise NotImplementedError
