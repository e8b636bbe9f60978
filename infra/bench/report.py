#!/usr/bin/env python3
"""Prints medians of the measured rounds as markdown and holds them against limits.

report.py <rounds.tsv> <memory.tsv> [--cpu-ratio X] [--keys PERCENT] [--groups PERCENT] [--memory PERCENT]
          [--records PERCENT]
"""

import argparse
import csv
import os
import statistics
import sys

FLOOR = "floor"
BASE = "1x10"
BASES = {"builds": "1x10+base", "records": "1x10-off", "records-sse": "1x10-off"}
NAMES = {"json": "JSON", "sse": "SSE of 20 chunks", "keys": "JSON, many keys", "groups": "JSON, many groups",
         "builds": "JSON, two builds",
         "records": "JSON, records", "records-sse": "SSE, records"}


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def measured(row):
    requests = float(row["requests"])
    return {
        "rps": requests / float(row["duration_us"]) * 1e6,
        "p50": float(row["p50_us"]) / 1000,
        "p99": float(row["p99_us"]) / 1000,
        "cpu": float(row["cpu_us"]) / requests,
        "rss": float(row["rss_kb"]) / 1024,
    }


def by_scenario(rows):
    """scenario -> target -> round -> figures"""
    scenarios = {}
    for row in rows:
        targets = scenarios.setdefault(row["scenario"], {})
        targets.setdefault(row["target"], {})[row["fork"], row["round"]] = measured(row)
    return scenarios


def median(rounds, figure):
    return statistics.median(figures[figure] for figures in rounds.values())


def cpu_ratio(rounds, base):
    """Median of the ratios within a round: what slows the whole machine for a while falls out."""
    common = rounds.keys() & base.keys()
    return statistics.median(rounds[key]["cpu"] / base[key]["cpu"] for key in common) if common else None


def label(target):
    if target == FLOOR:
        return "floor", "", ""
    if target.endswith("+base"):
        return "gateway, other build", "", ""
    size, _, records = target.partition("-")
    groups, keys = size.split("x")
    return f"gateway, records {records}" if records else "gateway", f"{int(groups):,}", f"{int(keys):,}"


def ratio_text(value):
    return "" if value is None else f"{value:.2f}"


def load_table(scenarios):
    yield "| scenario | proxy | groups | keys each | requests/s | p50 ms | p99 ms | CPU µs/request | × floor | × base | resident MB |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for scenario, targets in scenarios.items():
        for target, rounds in targets.items():
            proxy, groups, keys = label(target)
            of_floor = cpu_ratio(rounds, targets.get(FLOOR, {})) if target != FLOOR else None
            base = BASES.get(scenario, BASE)
            of_base = cpu_ratio(rounds, targets.get(base, {})) if target not in (FLOOR, base) else None
            yield (f"| {NAMES[scenario]} | {proxy} | {groups} | {keys} | {median(rounds, 'rps'):,.0f} "
                   f"| {median(rounds, 'p50'):.2f} | {median(rounds, 'p99'):.2f} | {median(rounds, 'cpu'):.0f} "
                   f"| {ratio_text(of_floor)} | {ratio_text(of_base)} | {median(rounds, 'rss'):.0f} |")


def memory_table(rows):
    yield "| proxy | requests so far | resident MB | heap MB after GC |"
    yield "|---|--:|--:|--:|"
    for row in rows:
        yield (f"| {label(row['target'])[0]} | {int(row['requests']):,} | {int(row['rss_kb']) / 1024:.0f} "
               f"| {int(row['heap_kb']) / 1024:.1f} |")


def exceeded(scenarios, memory, limits):
    if limits.cpu_ratio is not None:
        for scenario in ("json", "sse"):
            targets = scenarios.get(scenario, {})
            if BASE in targets:
                yield from over(f"{NAMES[scenario]}: CPU × floor", cpu_ratio(targets[BASE], targets[FLOOR]), limits.cpu_ratio)
    for scenario, largest, percent in (("keys", "1x100000", limits.keys), ("groups", "1000x10", limits.groups)):
        targets = scenarios.get(scenario, {})
        if percent is not None and largest in targets:
            yield from over(f"{NAMES[scenario]}: CPU × base", cpu_ratio(targets[largest], targets[BASE]), 1 + percent / 100)
    for scenario, base in BASES.items():
        targets = scenarios.get(scenario, {})
        if limits.records is not None and "1x10-on" in targets:
            yield from over(f"{NAMES[scenario]}: CPU × without", cpu_ratio(targets["1x10-on"], targets[base]), 1 + limits.records / 100)
    if limits.memory is not None:
        for target in {row["target"] for row in memory}:
            _, middle, end = [row for row in memory if row["target"] == target]
            for figure in ("rss_kb", "heap_kb"):
                yield from over(f"memory: {figure} at the end × the middle", int(end[figure]) / int(middle[figure]),
                                1 + limits.memory / 100)


def over(what, value, limit):
    if value > limit:
        yield f"{what}: {value:.2f} (expected: <= {limit:.2f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds")
    parser.add_argument("memory_samples")
    for name in ("--cpu-ratio", "--keys", "--groups", "--memory", "--records"):
        parser.add_argument(name, type=float)
    limits = parser.parse_args()
    scenarios, memory = by_scenario(read(limits.rounds)), read(limits.memory_samples)
    if scenarios:
        print("\n".join(load_table(scenarios)), end="\n\n")
    if memory:
        print("\n".join(memory_table(memory)), end="\n\n")
    failures = list(exceeded(scenarios, memory, limits))
    for failure in failures:
        print(f"**Limit exceeded**: {failure}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
