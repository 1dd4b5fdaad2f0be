"""临夏州实施方案: its money clauses, written from the text. In force from the day of printing, 2021年6月23日, for five years; the
corresponding day is the last one."""

from datetime import date
from fractions import Fraction

from money import fen

FROM, UNTIL = date(2021, 6, 23), date(2026, 6, 23)


def item_1_share(a, as_of):
    # 个人及其团队收益最低不低于成果转化和出售收益的50%，最高可以达到90%
    def share(one):
        if one["earned_on"] is None or not FROM <= one["earned_on"] <= UNTIL or one["earned_on"] > as_of:
            return fen(0)
        return fen(one["proceeds"] * min(max(one["agreed_share"], Fraction(1, 2)), Fraction(9, 10)))

    return [share(one) for one in a["transfers"]]


def item_2_year(a, as_of):
    # 每人每年不少于2万元的补助: a floor for each year of service, part of one included.
    def year(one):
        begins = one["year_from"]
        if not one["recognized"] or begins is None or begins > as_of or not FROM <= begins <= UNTIL:
            return fen(0)
        return fen(max(one["granted"], 20_000))

    return [year(one) for one in a["flexible_years"]]


def loan(limit):
    """不超过…万元的创业担保贷款: the loans asked for within the term and so far, up to the limit; assessed later, they are the same."""
    def ceiling(a, as_of):
        asked = [one["asked"] for one in a["startup_loans_asked"] if FROM <= one["asked_on"] <= min(UNTIL, as_of)]
        return fen(min(sum(asked), limit))
    return ceiling
