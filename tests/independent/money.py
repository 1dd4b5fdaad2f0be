"""Exact sums, rounded half up to 分 once for each unit of payment."""

from decimal import Decimal
from fractions import Fraction


def fen(amount):
    """A sum in 元, rounded half up to 0.01."""
    amount = Fraction(amount)
    whole, rest = divmod(amount.numerator * 100, amount.denominator)
    return Decimal(whole + (1 if rest * 2 >= amount.denominator else 0)) / 100
