#!/usr/bin/env python3
"""Works out the money clauses of two policies a second time and compares with `duixian batch`.

    compare.py PROGRAM [COUNT [SEED]]

COUNT applicants (2,000 are usual) are made up at random. The rules here are written from the official texts and from how they are read, not from
the policy files. Exit status 1 where an amount differs."""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import linxia
import qingyuan
from applicants import Maker

# Nobody asks for a loan after the evaluation date.
LOANS = [linxia.loan(200_000), linxia.loan(3_000_000)]

# What is compared: the policy, the clause, who is made up, and the rule.
COMPARED = [
    ("qingyuan", "1", Maker.article_1, qingyuan.article_1),
    ("qingyuan", "2", Maker.article_2, qingyuan.article_2),
    ("qingyuan", "3", Maker.article_3, qingyuan.article_3),
    ("qingyuan", "4", Maker.article_4, qingyuan.article_4),
    ("qingyuan", "5", Maker.article_5, qingyuan.article_5),
    ("qingyuan", "6", Maker.article_6, qingyuan.article_6),
    ("qingyuan", "10", Maker.article_10, qingyuan.article_10),
    ("qingyuan", "13", Maker.article_13, qingyuan.article_13),
    ("qingyuan", "14.2", Maker.article_14_2, qingyuan.article_14_2),
    ("qingyuan", "15", Maker.article_15, qingyuan.article_15),
    ("qingyuan", "16.1", Maker.article_16_1, qingyuan.article_16_1),
    ("qingyuan", "16.2", Maker.article_16_2, qingyuan.article_16_2),
    ("qingyuan", "17.1", Maker.article_17_1, qingyuan.article_17_1),
    ("qingyuan", "18", Maker.article_18, qingyuan.article_18),
    ("qingyuan", "19.1", Maker.article_19_1, qingyuan.article_19_1),
    ("qingyuan", "19.2", Maker.article_19_2, qingyuan.article_19_2),
    ("qingyuan", "20", Maker.article_20, qingyuan.article_20),
    ("qingyuan", "21", Maker.article_21, qingyuan.article_21),
    ("qingyuan", "22", Maker.article_22, qingyuan.article_22),
    ("linxia", "1.1", Maker.item_1_share, linxia.item_1_share),
    ("linxia", "2.1", Maker.item_2_year, linxia.item_2_year),
    ("linxia", "14.1", Maker.item_14_person, LOANS[0]),
    ("linxia", "14.2", Maker.item_14_enterprise, LOANS[1]),
]

MONEY = {"amount", "proceeds", "costs", "granted", "asked"}


def told(key, value):
    """A fact as an applicant's record has it."""
    if value is None:
        return "never"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{value * 100}%"
    if isinstance(value, list):
        return [{name: told(name, one) for name, one in record.items()} for record in value]
    if key in MONEY:
        return f"{value}元"
    if key.startswith("days"):
        return f"{value}天"
    return value


def awarded(line):
    """What a line of results is awarded: exact, or in words why it is not."""
    if line["amounts"] is None:
        return Decimal(0) if line["status"] in ("not_eligible", "not_applicable") else line["status"]
    ends = line["amounts"]["awarded"]
    return Decimal(ends["at_least"]) if ends["at_least"] == ends["at_most"] else f"open: {ends} {line['missing']}"


def run(program, policy, clause, lines):
    """What the program says of these applicants, by their ids."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "applicants.jsonl"
        table.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        command = [program, "batch", table, "--policy", policy, "--clause", clause, "--to", "jsonl", "--taken-only",
                   "--lang", "en"]
        ended = subprocess.run(command, capture_output=True, text=True)
    if ", 0 rejected" not in ended.stderr:
        sys.exit(f"{policy} {clause}: {ended.stderr[:2000]}")
    results = {}
    for line in ended.stdout.splitlines():
        result = json.loads(line)
        own = [one for one in result["lines"] if one["clause"] == clause]
        results[result["id"]] = [awarded(one) for one in own]
    return results


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    differences, amounts, nothing = Counter(), 0, 0
    for policy, clause, make, rule in COMPARED:
        maker = Maker(random.Random(f"{seed} {policy} {clause}"))
        lines, expected = [], {}
        for number in range(max(1, count // len(COMPARED))):
            maker.prefix = f"{number}-"
            kind, facts, days = make(maker)
            as_of = maker.as_of(*days)
            if rule in LOANS:
                as_of = max(as_of, days[0])
            for one in facts.get("training_months", []):
                # Nobody has trained on days to come.
                if one["month"] <= as_of:
                    one["days"] = min(one["days"], (as_of - one["month"]).days + 1)
            line = {"id": str(number), "kind": kind, "as_of": as_of.isoformat()}
            line.update((key, told(key, value)) for key, value in facts.items())
            lines.append(line)
            own = rule(facts, as_of)
            expected[line["id"]] = own if isinstance(own, list) else [own]
        found = run(program, policy, clause, lines)
        for line in lines:
            own, theirs = expected[line["id"]], found[line["id"]]
            amounts += len(own)
            nothing += sum(one == 0 for one in own)
            if own != theirs:
                differences[f"{policy} {clause}"] += 1
                if differences[f"{policy} {clause}"] <= 3:
                    print(f"{policy} {clause}: {own} here, {theirs} there, for {json.dumps(line, ensure_ascii=False)}", file=sys.stderr)
    print(f"{amounts} amounts compared, {amounts - nothing} of them not 0; differences: {dict(differences) or 'none'}")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
