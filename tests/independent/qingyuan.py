"""清远高新区措施（征求意见稿）: its money clauses, written from the text and from the conventions on how it is read. Each takes the
facts of an applicant and the evaluation date, and gives what is awarded to date, or a sum for each record."""

from datetime import date, timedelta
from fractions import Fraction

from days import complete_months, nth_month_ends, not_over, plus_months
from money import fen

# 附则: 十九条从2023年5月1日起执行，其他条款从2024年1月1日起执行，有效期至2026年12月31日。
FROM, FROM_19, UNTIL = date(2024, 1, 1), date(2023, 5, 1), date(2026, 12, 31)


def inside(day, as_of, since=FROM):
    """It has happened, and within the term."""
    return day is not None and since <= day <= UNTIL and day <= as_of


def article_1(a, as_of):
    # 第一期在获批设站单位后，给予20万元补助；第二期在设站单位招收博士后研究员后，给予30万元补助。
    if not a["enterprise_in_zone"] or not inside(a["station_approved_on"], as_of):
        return fen(0)
    return fen(200_000 + (300_000 if inside(a["station_first_postdoc_on"], as_of) else 0))


def article_2(a, as_of):
    # 新设分站的企业：第一期10万元，招收博士后研究员后20万元。
    if not a["sub_station_of_zone"] or not inside(a["sub_station_approved_on"], as_of):
        return fen(0)
    return fen(100_000 + (200_000 if inside(a["sub_station_first_postdoc_on"], as_of) else 0))


def article_3(a, as_of):
    # 对成功获批设立博士后科研工作站的原企业分站设站单位，给予一次性20万元。
    return fen(200_000 if inside(a["station_approved_on"], as_of) else 0)


def article_4(a, as_of):
    # 面上资助，1:1的配套支持，最高不超过20万元: for each grant.
    return [
        fen(min(grant["amount"], 200_000) if grant["kind"] == "general" and inside(grant["awarded_on"], as_of) else 0)
        for grant in a["fund_grants"]
    ]


def article_5(a, as_of):
    # 输送2名及以上：一次性5万元；…补助总额不超5万元.
    sent = sum(batch["students"] for batch in a["student_batches"] if inside(batch["sent_on"], as_of))
    return fen(min(50_000 + 2_000 * (sent - 2), 50_000) if sent >= 2 else 0)


def article_6(a, as_of):
    # 一次性5万元 on recognition，每期在2名的基础上每增加一名5000元 when the cohort is received: each by its own trigger.
    recognized = a["workstation_recognized_on"]
    cohorts = [one for one in a["training_cohorts"] if inside(one["received_on"], as_of) and one["received_on"] >= recognized]
    more = sum(max(0, one["students"] - 2) for one in cohorts)
    return fen((50_000 if inside(recognized, as_of) else 0) + 5_000 * more)


def article_10(a, as_of):
    # 新开设专业经备案证明符合需求的，每个专业5万元.
    both = lambda major: inside(major["opened_on"], as_of) and inside(major["certified_on"], as_of)
    return [fen(50_000 if both(major) else 0) for major in a["new_majors"]]


def article_13(a, as_of):
    return fen(50_000 if inside(a["chain_recognized_on"], as_of) else 0)


def article_14_2(a, as_of):
    # 获得资质并开展不少于20人次成功认证: 2万元.
    passed = sum(one["passed"] for one in a["certification_rounds"] if inside(one["held_on"], as_of))
    return fen(20_000 if inside(a["accredited_on"], as_of) and passed >= 20 else 0)


def article_15(a, as_of):
    # 当年新聘用的高校毕业生（本科及以上）、初级职称以上或二级以上技师、科研助理（在清购买6个月以上社保）: 80、50、20、10人.
    def counts(hire):
        if hire["hired_on"].year != a["hiring_years"][0]["year"] or hire["hired_on"] > as_of:
            return False
        if hire["education"] in ("bachelor", "master", "doctor") or hire["title"] != "none":
            return True
        if hire["skill"] in ("technician", "senior_technician"):
            return True
        # The last condition, too, must come about within the term.
        end = min(hire["insured_until"] or UNTIL, UNTIL, as_of)
        insured = hire["insured_in"] != "elsewhere" and hire["insured_from"] is not None
        return hire["research_assistant"] and insured and complete_months(hire["insured_from"], end) >= 6

    people = sum(hire["times"] for hire in a["hires"] if counts(hire))
    tiers = [(80, 300_000), (50, 200_000), (20, 100_000), (10, 50_000)]
    return fen(next((sum_ for least, sum_ in tiers if people >= least), 0))


def article_16_1(a, as_of):
    # 在站博士后每人每年10万元，资助期限为2年: by complete months inside the term, at most 24 of them.
    if a["station_entered_on"] is None:
        return fen(0)
    start = max(a["station_entered_on"], FROM)
    end = min(a["station_left_on"] or UNTIL, UNTIL, as_of)
    months = min(complete_months(start, end), 24) if start <= end else 0
    return fen(Fraction(100_000 * months, 12))


def article_16_2(a, as_of):
    # 出站后留在区内企业工作满2年且不超45岁: 10万元 at the end of each of the two years that follow the two.
    start = a["zone_work_from"]
    if start is None:
        return fen(0)
    complete = nth_month_ends(start, 24)
    if complete > (a["zone_work_until"] or UNTIL) or not inside(complete, as_of) or not not_over(a["birth_date"], 45, complete):
        return fen(0)
    ends = [plus_months(complete, 12 * year) for year in (1, 2)]
    return fen(100_000 * sum(inside(end, as_of) for end in ends))


def by_the_month(rate, days):
    """每月以22天为标准."""
    return Fraction(rate * min(days, 22), 22)


def article_17_1(a, as_of):
    # 硕士1500元/月，博士1800元/月，根据实际天数: rounded for each month.
    rate = {"master": 1500, "doctor": 1800}.get(a["studying_for"], 0)
    months = [one for one in a["training_months"] if FROM <= one["month"] <= UNTIL and one["month"] <= as_of]
    return fen(sum(Fraction(fen(by_the_month(rate, one["days"]))) for one in months))


def article_18(a, as_of):
    # 连续实习见习2个月及以上，每季度发放一次: rounded for each quarter.
    rate = {"bachelor": 1000, "master": 1200, "doctor": 1500}.get(a["studying_for"], 0)
    runs = []
    for span in sorted(a["internship_spans"], key=lambda span: span["from"]):
        end = min(span["until"] or as_of, as_of)
        if end < span["from"]:
            continue
        if runs and span["from"] <= runs[-1][1] + timedelta(days=1):
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([span["from"], end])
    if not any(complete_months(*run) >= 2 for run in runs):
        return fen(0)
    quarters = [one for one in a["intern_quarters"] if nth_month_ends(one["quarter_start"], 3) <= as_of]
    paid = lambda one: fen(sum(by_the_month(rate, one[key]) for key in ("days_1", "days_2", "days_3")))
    return fen(sum(Fraction(paid(one)) for one in quarters))


RATES_19 = {"bachelor": (2000, 1000, 30), "master": (2500, 1200, 35), "doctor": (3000, 1500, 40)}


def young(a, as_of):
    """第十九条: 从清远市域以外、新来我区企业就业和创业的青年人才; the rates and the age limit, or none."""
    # 双学士学位本科毕业生参照硕士研究生执行，下同
    degree = "master" if a["degree"] == "bachelor" and a["double_bachelor"] else a["degree"]
    if degree not in RATES_19 or not a["came_from_outside"] or not a["works_in_zone"]:
        return None
    housing, living, age = RATES_19[degree]
    if not inside(a["arrived_on"], as_of, FROM_19) or not not_over(a["birth_date"], age, a["arrived_on"]):
        return None
    return housing, living


def monthly(rate, start, a, as_of):
    end = min(a["left_on"] or UNTIL, UNTIL, as_of)
    return fen(rate * min(complete_months(start, end), 36) if start <= end else 0)


def article_19_1(a, as_of):
    rates = young(a, as_of)
    if rates is None or not a["first_home"] or not a["home_in_area"] or not inside(a["purchase_date"], as_of, FROM_19):
        return fen(0)
    return monthly(rates[0], a["purchase_date"], a, as_of)


def article_19_2(a, as_of):
    rates = young(a, as_of)
    return fen(0) if rates is None else monthly(rates[1], a["arrived_on"], a, as_of)


def full_year(gain, a, as_of):
    """新取得后工作满一年且期间一直在清缴纳社会保险: the day on which the first such year is complete."""
    done = []
    for span in a["insurance"]:
        if span["insured_in"] == "elsewhere":
            continue
        start = max(gain["obtained_on"], gain["working_from"], span["from"])
        complete = nth_month_ends(start, 12)
        if complete <= min(gain["working_until"] or UNTIL, span["until"] or UNTIL):
            done.append(complete)
    return min(done, default=None)


def promoted(a, key, sums, as_of, more=lambda gain: True):
    return [
        fen(sums.get(gain["level"], 0) if gain["while_employed"] and more(gain) and inside(full_year(gain, a, as_of), as_of) else 0)
        for gain in a[key]
    ]


def article_20(a, as_of):
    # 按照硕士2万元、博士5万元的标准
    return promoted(a, "degrees_gained", {"master": 20_000, "doctor": 50_000}, as_of)


def article_21(a, as_of):
    # 副高级2万元、正高级5万元
    return promoted(a, "titles_gained", {"associate_senior": 20_000, "senior": 50_000}, as_of)


def article_22(a, as_of):
    # 属于紧缺职业技能目录库，技师5000元、高级技师1万元
    sums = {"technician": 5_000, "senior_technician": 10_000}
    return promoted(a, "skills_gained", sums, as_of, lambda gain: gain["in_catalogue"])
