"""Applicants at random, most of their days at or beside a boundary."""

from datetime import timedelta
from fractions import Fraction

from days import nth_month_ends, plus_months
from qingyuan import FROM, FROM_19, UNTIL
import linxia


class Maker:
    def __init__(self, random):
        self.random = random
        # What a name begins with, so that no two applicants state the same thing.
        self.prefix = ""

    def near(self, day):
        """A boundary, or a day beside it."""
        return day + timedelta(days=self.random.choice([-1, 0, 0, 1]))

    def day(self, first=FROM, last=UNTIL):
        if self.random.random() < 0.35:
            return self.near(self.random.choice([first, last]))
        whole = first + timedelta(days=self.random.randrange((last - first).days + 1))
        return self.random.choice([whole, whole, nth_month_ends(whole.replace(day=1), 1), whole.replace(day=1)])

    def yes(self, chance=0.9):
        return self.random.random() < chance

    def pick(self, *values):
        return self.random.choice(values)

    def maybe(self, day, chance=0.3):
        return day if self.yes(chance) else None

    def as_of(self, *days, last=UNTIL):
        """An evaluation date: about where something ends, or anywhere."""
        days = [day for day in days if day is not None]
        if days and self.yes(0.4):
            start = self.pick(*days)
            day = self.near(nth_month_ends(start, self.random.choice([1, 6, 12, 24, 35, 36])))
        else:
            day = self.day(FROM, last + timedelta(days=200))
        # Before the text nobody is evaluated.
        return max(day, min(days, default=day), FROM)

    def born(self, age, day):
        """Around the birthday on which somebody becomes too old for a limit on a day."""
        there = day.replace(year=day.year - age - 1, day=min(day.day, 28))
        return self.near(there) if self.yes(0.5) else there + timedelta(days=self.random.randrange(-2000, 4000))

    def apart(self, records, key):
        """Those of records that do not share a day: two of one day are the same thing."""
        return list({record[key]: record for record in records}.values())

    # Each gives an applicant's kind, the facts, and the days that matter.

    def article_1(self):
        approved = self.day()
        first = self.maybe(approved + timedelta(days=self.random.randrange(900)), 0.7)
        facts = dict(enterprise_in_zone=self.yes(), station_approved_on=approved, station_first_postdoc_on=first,
                     sub_station_approved_on=None, sub_station_first_postdoc_on=None, sub_station_of_zone=False)
        return "enterprise", facts, [approved, first]

    def article_2(self):
        approved = self.day()
        first = self.maybe(approved + timedelta(days=self.random.randrange(900)), 0.7)
        facts = dict(enterprise_in_zone=True, station_approved_on=None, station_first_postdoc_on=None,
                     sub_station_approved_on=approved, sub_station_first_postdoc_on=first, sub_station_of_zone=self.yes())
        return "enterprise", facts, [approved, first]

    def article_3(self):
        approved = self.day()
        earlier = approved - timedelta(days=self.random.randrange(30, 900))
        facts = dict(enterprise_in_zone=True, station_approved_on=approved, station_first_postdoc_on=None,
                     sub_station_approved_on=earlier, sub_station_first_postdoc_on=None, sub_station_of_zone=True)
        return "enterprise", facts, [approved]

    def article_4(self):
        grants = [dict(postdoc=f"{self.prefix}p{number}", number=f"{self.prefix}n{number}", kind=self.pick("general", "general", "special", "another"),
                       awarded_on=self.day(), amount=self.pick(80_000, 180_000, 199_999, 200_000, 200_001, 500_000))
                  for number in range(self.random.randrange(1, 5))]
        facts = dict(enterprise_in_zone=True, station_approved_on=FROM - timedelta(days=500), station_first_postdoc_on=FROM - timedelta(days=450),
                     sub_station_approved_on=None, sub_station_first_postdoc_on=None, fund_grants=grants)
        return "enterprise", facts, [one["awarded_on"] for one in grants]

    def article_5(self):
        agreed = self.day(FROM, UNTIL - timedelta(days=400))
        agreed = max(agreed, FROM)
        batches = [dict(sent_on=self.near(agreed + timedelta(days=self.random.randrange(2, 500))), students=self.random.randrange(4))
                   for _ in range(self.random.randrange(1, 4))]
        return "university", dict(training_agreement_on=agreed, student_batches=self.apart(batches, "sent_on")), [one["sent_on"] for one in batches]

    def article_6(self):
        recognized = self.day()
        cohorts = [dict(received_on=recognized + timedelta(days=self.random.randrange(700)), students=self.random.randrange(6))
                   for _ in range(self.random.randrange(4))]
        facts = dict(enterprise_in_zone=True, workstation_recognized_on=recognized, training_cohorts=self.apart(cohorts, "received_on"))
        return "enterprise", facts, [recognized] + [one["received_on"] for one in cohorts]

    def article_10(self):
        def major(number):
            opened = max(self.day(), FROM)
            certified = self.maybe(opened + timedelta(days=self.random.randrange(400)), 0.8)
            return dict(name=f"m{number}", opened_on=opened, certified_on=certified)
        majors = [major(number) for number in range(self.random.randrange(1, 4))]
        days = [one["certified_on"] for one in majors]
        return "university", dict(vocational_city_school=True, new_majors=majors), days

    def article_13(self):
        recognized = self.day()
        facts = dict(enterprise_in_zone=True, chain_recognized_on=recognized, chain_encouraged_kind=True)
        return "enterprise", facts, [recognized]

    def article_14_2(self):
        accredited = max(self.day(), FROM)
        rounds = [dict(held_on=self.near(accredited + timedelta(days=self.random.randrange(2, 600))), passed=self.pick(5, 9, 10, 11, 19, 20))
                  for _ in range(self.random.randrange(1, 4))]
        facts = dict(enterprise_in_zone=True, accredited_on=accredited, certification_rounds=self.apart(rounds, "held_on"))
        return "enterprise", facts, [one["held_on"] for one in rounds]

    def article_15(self):
        year = self.pick(2024, 2025, 2026)
        def hire():
            on = self.day(FROM.replace(year=year), UNTIL.replace(year=year))
            insured = self.maybe(on, 0.9)
            return dict(times=self.pick(1, 4, 5, 9, 10, 20, 30, 40, 49, 50), education=self.pick("associate", "associate", "bachelor", "doctor"),
                        title=self.pick("none", "none", "junior", "middle"), skill=self.pick("none", "none", "senior_worker", "technician"),
                        research_assistant=self.yes(0.6), hired_on=on, insured_in=self.pick("zone", "city", "elsewhere"),
                        insured_from=insured,
                        insured_until=self.maybe(self.near(nth_month_ends(on, 6)), 0.5) if insured else None)
        hires = [hire() for _ in range(self.random.randrange(1, 5))]
        facts = dict(enterprise_in_zone=True, hiring_years=[dict(year=year)], hires=hires)
        return "enterprise", facts, [one["hired_on"] for one in hires]

    def postdoc(self):
        entered = self.day(FROM - timedelta(days=900), UNTIL)
        left = self.maybe(self.near(nth_month_ends(entered, self.pick(1, 12, 23, 24, 25, 36))), 0.6)
        return entered, left

    def article_16_1(self):
        entered, left = self.postdoc()
        facts = dict(postdoc_station_in_zone=True, station_entered_on=entered, station_left_on=left)
        return "person", facts, [max(entered, FROM)]

    def article_16_2(self):
        left = self.day(FROM - timedelta(days=1500), UNTIL - timedelta(days=500))
        work = left + timedelta(days=self.random.randrange(1, 40))
        complete = nth_month_ends(work, 24)
        until = self.maybe(self.near(nth_month_ends(work, self.pick(24, 36, 48))), 0.4)
        facts = dict(postdoc_station_in_zone=True, station_entered_on=left - timedelta(days=730), station_left_on=left,
                     zone_work_from=work, zone_work_until=until, birth_date=self.born(45, complete), degree="doctor",
                     double_bachelor=False, arrived_on=work, left_on=None, applied_on=work, approved_on=work)
        return "person", facts, [work, complete]

    def article_17_1(self):
        months = sorted({self.day().replace(day=1) for _ in range(self.random.randrange(1, 12))})
        months = [dict(month=month, days=self.random.randrange(29)) for month in months]
        facts = dict(joint_training_base=True, studying_for=self.pick("master", "doctor"), training_months=months)
        return "person", facts, []

    def article_18(self):
        start = self.pick(*[FROM.replace(year=year, month=month) for year in (2024, 2025) for month in (1, 4, 7, 10)])
        until = self.near(nth_month_ends(start, self.pick(1, 2, 2, 3, 6, 9)))
        spans = [{"from": start, "until": until}]
        if self.yes() and (until - start).days > 30:
            # Broken off, or only written in two lines.
            cut = start + timedelta(days=self.random.randrange(10, (until - start).days - 10))
            again = cut + timedelta(days=self.pick(1, 1, 2, 8))
            spans = [{"from": start, "until": cut}, {"from": again, "until": until}]
        quarters, at = [], start
        while at <= until:
            def inside(first):
                month = [first + timedelta(days=day) for day in range((plus_months(first, 1) - first).days)]
                return sum(any(span["from"] <= day <= span["until"] for span in spans) for day in month)
            left = [inside(plus_months(at, turn)) for turn in range(3)]
            days = [self.random.randrange(min(28, most) + 1) if most > 0 else 0 for most in left]
            quarters.append(dict(quarter_start=at, days_1=days[0], days_2=days[1], days_3=days[2]))
            at = plus_months(at, 3)
        facts = dict(joint_training_base=False, training_months=[], studying_for=self.pick("bachelor", "master", "doctor"),
                     partner_university=True, host_in_zone=True, internship_confirmed=True, internship_spans=spans,
                     intern_quarters=quarters)
        return "person", facts, []

    def young(self):
        arrived = self.day(FROM_19, UNTIL)
        degree = self.pick("bachelor", "master", "doctor", "associate")
        double = degree == "bachelor" and self.yes(0.3)
        age = {"bachelor": 35 if double else 30, "master": 35, "doctor": 40}.get(degree, 30)
        return dict(birth_date=self.born(age, arrived), degree=degree, double_bachelor=double, came_from_outside=self.yes(),
                    registered_outside=True, arrived_on=arrived, works_in_zone=True, later_degree_on=None,
                    left_on=self.maybe(self.near(nth_month_ends(arrived, self.pick(1, 12, 30, 36))), 0.3),
                    applied_on=arrived, approved_on=arrived, station_entered_on=None, station_left_on=None,
                    postdoc_station_in_zone=False)

    def article_19_1(self):
        facts = self.young()
        bought = self.near(nth_month_ends(facts["arrived_on"], self.random.randrange(1, 20))) + timedelta(days=2)
        facts.update(first_home=self.yes(), home_in_area=self.yes(), purchase_date=bought, spouse_draws_same_home=False, home_sold_on=None)
        return "person", facts, [bought]

    def article_19_2(self):
        facts = self.young()
        return "person", facts, [facts["arrived_on"]]

    def gains(self, key, levels, more):
        days = sorted({self.day(FROM - timedelta(days=400), UNTIL) for _ in range(self.random.randrange(1, 3))})
        # Higher levels come later, and all while at one work.
        chosen = sorted(self.random.sample(range(len(levels)), len(days)))
        until = self.maybe(self.near(nth_month_ends(days[-1], self.pick(11, 12, 13))), 0.3)
        gains = [dict(level=levels[level], obtained_on=day, while_employed=True, working_from=FROM - timedelta(days=700),
                      working_until=until, **more()) for level, day in zip(chosen, days)]
        spans, at = [], FROM - timedelta(days=500)
        for _ in range(self.random.randrange(1, 4)):
            end = self.near(nth_month_ends(at, self.pick(6, 12, 20, 30)))
            spans.append(dict(insured_in=self.pick("zone", "city", "city", "elsewhere"), **{"from": at, "until": end}))
            at = end + timedelta(days=self.pick(40, 70))
        spans[-1]["until"] = self.maybe(spans[-1]["until"], 0.5)
        return "person", {key: gains, "insurance": spans}, days

    def article_20(self):
        kind, facts, days = self.gains("degrees_gained", ["bachelor", "master", "doctor"], dict)
        for gain in facts["degrees_gained"]:
            gain.update(same_employer_from=gain["working_from"], same_employer_until=gain["working_until"])
        return kind, facts, days

    def article_21(self):
        return self.gains("titles_gained", ["middle", "associate_senior", "senior"], dict)

    def article_22(self):
        def more():
            return dict(occupation="o" + str(self.random.randrange(10**9)), in_catalogue=self.yes())
        kind, facts, days = self.gains("skills_gained", ["senior_worker", "technician", "senior_technician"], more)
        # A gap does no harm here, so there is none to tell of: one insurance throughout.
        facts["insurance"] = [{"insured_in": "city", "from": FROM - timedelta(days=1000), "until": None}]
        return kind, facts, days

    def item_1_share(self):
        transfers = [dict(work=f"{self.prefix}w{number}", number=f"{self.prefix}n{number}", earned_on=self.day(linxia.FROM, linxia.UNTIL),
                          proceeds=self.random.randrange(10**7), costs=0,
                          agreed_share=Fraction(self.pick(0, 49, 50, 51, 89, 90), 100))
                     for number in range(self.random.randrange(1, 4))]
        return "person", dict(institution_researcher=True, transfers=transfers), [one["earned_on"] for one in transfers]

    def item_2_year(self):
        begins = self.day(linxia.FROM + timedelta(days=1), linxia.UNTIL - timedelta(days=1))
        starts = [begins, nth_month_ends(begins, 12) + timedelta(days=1)]
        years = [dict(recognized=self.yes(), year_from=starts[number], serves_until=None,
                      granted=self.pick(0, 19_999, 20_000, 20_001, 80_000)) for number in range(self.pick(1, 2))]
        return "person", dict(flexible_years=years), [begins]

    def loans(self, *sums):
        loans = [dict(asked_on=self.day(linxia.FROM, linxia.UNTIL), asked=self.pick(*sums)) for _ in range(self.pick(1, 1, 2))]
        return self.apart(loans, "asked_on")

    def item_14_person(self):
        loans = self.loans(1, 99_999, 199_999, 200_000, 200_001, 900_000)
        facts = dict(university_graduate=True, startup_loan_conditions=True, startup_loans_asked=loans)
        return "person", facts, [one["asked_on"] for one in loans]

    def item_14_enterprise(self):
        loans = self.loans(1, 1_499_999, 2_999_999, 3_000_000, 3_000_001, 9_000_000)
        facts = dict(small_or_micro=True, founded_by_talent=True, startup_loan_conditions=True, startup_loans_asked=loans)
        return "enterprise", facts, [one["asked_on"] for one in loans]
