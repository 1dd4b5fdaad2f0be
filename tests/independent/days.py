"""Days and months as the conventions count them: first and last day both count, only complete months count."""

from datetime import date, timedelta


def last_of_month(year, month):
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)


def plus_months(day, months):
    """The same day so many months on; where it does not exist, the month's last."""
    count = day.year * 12 + day.month - 1 + months
    last = last_of_month(count // 12, count % 12 + 1)
    return last.replace(day=min(day.day, last.day))


def nth_month_ends(start, months):
    """The last day of the n-th month from a start day: the day before the same day n months on; where that month has no
    such day, its last day ends the period."""
    there = plus_months(start, months)
    return there if there.day < start.day else there - timedelta(days=1)


def complete_months(start, end):
    """Complete months from one day to another, both included."""
    months = 0
    while nth_month_ends(start, months + 1) <= end:
        months += 1
    return months


def birthday(born, age):
    """The day on which an age is reached; of 29 February the 1st of March in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def not_over(born, age, day):
    """不超过N周岁: before the (N+1)-th birthday."""
    return day < birthday(born, age + 1)
