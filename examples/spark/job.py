"""Works out a file of applicants with Spark: each part of the file goes through `duixian batch -`, wherever it lies.

    python job.py applicants.jsonl results --duixian /usr/local/bin/duixian -- --policy qingyuan --as-of 2025-12-31

What stands after `--` goes to `duixian batch`. Give the date: parts are worked out at different times.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys

from pyspark import SparkConf, SparkContext, StorageLevel

# The filter: JSON Lines in, an object for each of them out, a result or a reject.
FILTER = ["batch", "-", "--from", "jsonl", "--to", "jsonl", "--rejects", "-"]
REJECT = '{"schema":"duixian/reject@1"'


def main():
    asked = arguments()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setAppName("duixian").setIfMissing("spark.master", asked.master)
    with SparkContext(conf=conf.setIfMissing("spark.ui.enabled", "false")) as spark:
        spark.setLogLevel("WARN")
        work(spark, asked)


def work(spark, asked):
    command = [asked.duixian, *FILTER, *asked.batch]
    rows = spark.textFile(asked.input, asked.parts).map(readable).filter(str.strip)

    # Status 1 says that rows were rejected. They are in the output, so it is no failure; every other status is one, and
    # checkCode makes it end the job.
    shell = ["sh", "-c", '"$@" || test $? -eq 1', "filter", *command]
    out = rows.pipe(shlex.join(shell), env=dict(os.environ), checkCode=True).persist(StorageLevel.DISK_ONLY)
    results = out.filter(lambda line: not line.startswith(REJECT))
    rejects = out.filter(lambda line: line.startswith(REJECT))

    clauses = results.flatMap(amounts).reduceByKey(add).collectAsMap()
    read, assessed, rejected = rows.count(), results.count(), rejects.count()
    show(clauses)
    print(f"{rows.getNumPartitions()} parts: {read} rows read, {assessed} assessed, {rejected} rejected")
    if read != assessed + rejected:
        sys.exit("rows were lost")
    # One process sees an id that comes twice; here its rows may be in two parts.
    twice = results.map(lambda line: (json.loads(line)["id"], 1)).reduceByKey(lambda one, other: one + other)
    twice = twice.filter(lambda found: found[1] > 1).keys().take(10)
    if twice:
        sys.exit(f"ids that stand in several parts: {', '.join(twice)}")
    results.saveAsTextFile(f"{asked.output}/results")
    rejects.saveAsTextFile(f"{asked.output}/rejects")
    if asked.compare:
        compare(command, asked.input, clauses, results, rejects)


def arguments():
    given = sys.argv[1:]
    end = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(epilog="What stands after -- goes to duixian batch.")
    parser.add_argument("input", help="JSON Lines in UTF-8, an applicant a line, each with an id")
    parser.add_argument("output", help="a folder that is not there yet")
    parser.add_argument("--duixian", required=True, help="the program's path, the same on every machine")
    parser.add_argument("--master", default="local[2]", help="unless spark-submit says it (local[2])")
    parser.add_argument("--parts", type=int, default=8, help="at least so many parts (8)")
    parser.add_argument("--compare", action="store_true", help="work it out in one process too; a local input")
    asked = parser.parse_args(given[:end])
    asked.batch = given[end + 1 :]
    return asked


def readable(line):
    """The line. Spark puts U+FFFD for bytes that are not UTF-8, and two names would become one."""
    if "\ufffd" in line:
        raise ValueError(f"not UTF-8: {line[:80]}")
    return line


def amounts(line):
    """What an applicant adds to each clause and to the total: awarded and due, and how many lines are still to be settled."""
    result = json.loads(line)
    totals = ends(result["totals"])
    for of in result["lines"]:
        if not of["amounts"]:
            continue
        sums = ends(of["amounts"])
        if "claims" in of:
            # It may get nothing of what it asks for.
            if of["counted"]:
                totals = or_less(totals, sums)
            sums = or_less(sums, sums)
        yield f"{of['policy']}/{of['clause']}", (*sums, int("claims" in of))
    yield "total", (*totals, sum("claims" in of for of in result["lines"]))


def or_less(sums, taken):
    """The same, where as much as is taken at least may be missing."""
    least = [None if a is None or b is None else max(a - b, 0) for a, b in zip(sums, taken)]
    return (least[0], sums[1], least[2], sums[3])


def ends(amounts):
    """Awarded and due, each at least and at most, in whole 分; None is without a bound."""
    texts = [amounts[of][end] for of in ("awarded", "due") for end in ("at_least", "at_most")]
    return tuple(None if text is None else int(text.replace(".", "")) for text in texts)


def add(one, other):
    return tuple(None if a is None or b is None else a + b for a, b in zip(one, other))


def show(clauses):
    print(f"{'':16}{'awarded, at least':>20}{'at most':>20}{'due, at least':>20}{'at most':>20}{'to settle':>11}")
    for clause, (*sums, to_settle) in sorted(clauses.items()):
        yuan = ["open" if fen is None else f"{fen // 100:,}.{fen % 100:02}" for fen in sums]
        print(f"{clause:16}" + "".join(f"{text:>20}" for text in yuan) + f"{to_settle:>11,}")


def compare(command, path, clauses, results, rejects):
    """Works out the whole file in one process, and holds sums, results and rejects against it, line by line."""
    alone, different = {}, 0
    parts, rejected_parts = results.toLocalIterator(), rejects.toLocalIterator()
    with open(path, "rb") as rows, subprocess.Popen(command, stdin=rows, stdout=subprocess.PIPE) as one:
        for line in (line.decode().rstrip("\n") for line in one.stdout):
            if line.startswith(REJECT):
                different += unplaced(line) != unplaced(next(rejected_parts, "{}"))
                continue
            different += line != next(parts, None)
            for clause, sums in amounts(line):
                alone[clause] = add(alone[clause], sums) if clause in alone else sums
    different += sum(1 for _ in parts) + sum(1 for _ in rejected_parts)
    print(f"one process: {'the same sums' if alone == clauses else 'OTHER SUMS'}, {different} lines differ")
    if one.returncode > 1 or alone != clauses or different:
        sys.exit(1)


def unplaced(line):
    """A reject without the number of its line, which is that of its part."""
    return {key: value for key, value in json.loads(line).items() if key != "line"}


if __name__ == "__main__":
    main()
