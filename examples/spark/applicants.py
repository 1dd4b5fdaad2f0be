"""Makes applicants to try the job with: `python applicants.py 100000 > applicants.jsonl`. The same ones on every machine.

Persons for articles 16, 17, 19, 20, 21 and 23 of the policy qingyuan. Of every 500 rows one is bad, in one of four ways; of every 20
one lacks a fact that may matter; of every 50 one is selected as outstanding, for whom article 23 has ten awards a year, one an enterprise.
"""

import json
import random
import sys
from datetime import date, timedelta

DICE = random.Random(20231201)


def below(limit):
    # random() is the one call that promises the same numbers in every version.
    return int(DICE.random() * limit)


def some(words):
    return words[below(len(words))]


def day(first, days):
    return date.fromisoformat(first) + timedelta(below(days))


def person(number):
    facts = {
        "id": f"P{number:06}",
        "kind": "person",
        "birth_date": day("1978-01-01", 26 * 365),
        "degree": some(["associate", "bachelor", "bachelor", "master", "master", "doctor"]),
        "works_in_zone": True,
        "came_from_outside": below(4) > 0,
        "registered_outside": below(4) > 0,
        "postdoc_station_in_zone": False,
        "joint_training_base": False,
        "degrees_gained": [],
        "titles_gained": [],
        "skills_gained": [],
        "partner_university": False,
        "exchange_fits": False,
        "spouse_draws_same_home": False,
        "insurance": [],
        "selected_on": "never",
    }
    return facts | some([postdoc, student, newcomer, newcomer, newcomer, riser, riser])()


def postdoc():
    entered = day("2022-01-01", 3 * 365)
    left = entered + timedelta(300 + below(800))
    return {
        "postdoc_station_in_zone": True,
        "station_entered_on": entered,
        "station_left_on": left,
        "zone_work_from": left + timedelta(below(200)) if below(3) else "never",
        "arrived_on": "never",
    }


def student():
    graduated = day("2024-03-01", 300)
    months = [date(2024, 1 + month, 1) for month in range(1 + below(min(8, graduated.month - 1)))]
    return {
        "joint_training_base": True,
        "studying_for": some(["master", "master", "doctor"]),
        "training_months": [{"month": month, "days": f"{8 + below(20)}天"} for month in months],
        "graduated_on": graduated,
        "zone_work_from": graduated + timedelta(below(400)),
        "insurance": [insured(["zone", "zone", "city", "elsewhere"], graduated + timedelta(below(400)))],
        "arrived_on": "never",
    }


def newcomer():
    arrived = day("2022-06-01", 3 * 365)
    applied = arrived + timedelta(below(200))
    return {
        "arrived_on": arrived,
        "applied_on": applied,
        "approved_on": applied + timedelta(below(60)),
        "first_home": below(3) > 0,
        "home_in_area": below(5) > 0,
        "purchase_date": arrived + timedelta(below(600)) if below(2) else "never",
    }


def insured(places, first, last=None):
    period = {"insured_in": some(places), "from": first}
    return period | ({"until": last} if last else {})


def riser():
    worked = day("2018-01-01", 5 * 365)

    def gained(level):
        return {
            "level": level,
            "obtained_on": day("2023-01-01", 2 * 365),
            "while_employed": below(10) > 0,
            "working_from": worked,
            "same_employer_from": worked,
        }

    places = ["zone", "zone", "zone", "city"]
    if below(10) > 0:
        insurance = [insured(places, worked)]
    else:
        gap = worked + timedelta(365 + below(900))
        insurance = [insured(places, worked, gap), insured(places, gap + timedelta(31 + below(90)))]

    titles = [gained(some(["associate_senior", "senior"])) for _ in range(below(3))]
    return {
        "degrees_gained": [gained(some(["master", "doctor"])) for _ in range(1 + below(2))],
        "titles_gained": [{key: of[key] for key in of if key != "same_employer_from"} for of in titles],
        "insurance": insurance,
        "arrived_on": "never",
    }


def selected(number):
    return {
        "selected_on": f"{2024 + number // 50 % 2}-11-20",
        "selection_rank": number,
        "selected_that_year": "10人",
        "employer_name": f"第{number // 150 % 17 + 1}企业",
    }


def line(number):
    facts = person(number)
    if number % 20 == 7:
        facts[some(["degree", "works_in_zone", "arrived_on"])] = None
    if number % 50 == 40:
        facts |= selected(number)
    if number % 500 == 3:
        facts |= some([{"degree": "masters"}, {"birth_date": "1990-02-30"}, {"salary": "9000元/月"}])
    text = json.dumps(facts, default=str, ensure_ascii=False)
    return text[:-9] if number % 2000 == 503 else text


if __name__ == "__main__":
    for each in range(1, int(sys.argv[1]) + 1):
        print(line(each))
