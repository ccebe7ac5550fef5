#!/usr/bin/env python3
"""Time, memory and disk against lines: five, ten and twenty years of the whole country, and five years of one to ten times the lines.

usage: benches/growth.py [--work DIR] [--built DIR]

All of it at a tenth of the country's lines, so that what grows with the places shows beside what grows with the lines. Every run
imports into a new project, against the gates, which know no country as small, and builds the site. Prints a table in Markdown and
draws docs/growth.svg.
"""

import contextlib
import shutil
import sqlite3

from national import ROOT, Bench, both, options

INPUTS = [
    ("5 years", "2021-2025", 0.1),
    ("10 years", "2016-2025", 0.1),
    ("20 years", "2006-2025", 0.1),
    ("5 years, 3 times the sales", "2021-2025", 0.3),
    ("5 years, all sales", "2021-2025", 1.0),
]
# Which of them grow in what, and its colour.
SERIES = [("more years", "#1c5fa5", (0, 1, 2)), ("more sales in five years", "#ab4a08", (0, 3, 4))]
MEASURES = [("CPU-seconds", "cpu"), ("peak, MB", "memory"), ("databases, MB", "disk")]
WIDTH, HEIGHT, LEFT, TOP = 200, 150, 46, 26


def measure(bench, years, scale):
    """What importing the files and building the site takes."""
    files = bench.generate(f"growth-{years}-{scale}", "--years", years, "--scale", str(scale))
    root = bench.projects / f"{years}-{scale}"
    bench.immostats(root, "init")
    imported = bench.immostats(root, "import", "--quiet", "--force", *sorted(files.glob("*.csv.gz")))
    built = bench.immostats(root, "build", "--quiet")
    run = both(imported, built)
    with contextlib.closing(sqlite3.connect(root / "data/immostats.db")) as connection:
        lines = connection.execute("SELECT sum(rows_imported) FROM update_log").fetchone()[0]
    disk = sum((root / "data" / name).stat().st_size for name in ("immostats.db", "versions.db")) / 1e6
    bench.drop_databases(root)
    return {"lines": lines / 1e6, "import": imported.cpu, "build": built.cpu, "cpu": run.cpu, "memory": run.memory / 1e6,
            "disk": disk}


def plot(points):
    """Three small charts side by side, with millions of lines from left to right, and a line for each way to grow."""
    most_lines = max(point["lines"] for point in points)
    parts = []
    for number, (title, key) in enumerate(MEASURES):
        most = max(point[key] for point in points)
        x = lambda point: LEFT + point["lines"] / most_lines * (WIDTH - LEFT - 12)
        y = lambda value: TOP + (1 - value / most / 1.1) * (HEIGHT - TOP - 22)
        ticks = "".join(f'<text x="{LEFT - 6}" y="{y(value) + 3:.1f}" text-anchor="end">{value:.0f}</text>'
                        f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - 8}"/>' for value in (0, most / 2, most))
        lines = "".join(f'<polyline points="{" ".join(f"{x(points[at]):.1f},{y(points[at][key]):.1f}" for at in of)}" stroke="{colour}"/>'
                        for _, colour, of in SERIES)
        parts.append(f'<g transform="translate({number * WIDTH})"><text x="{LEFT}" y="14" font-weight="700">{title}</text>{ticks}{lines}'
                     f'<text x="{LEFT}" y="{HEIGHT - 4}">0</text>'
                     f'<text x="{WIDTH - 8}" y="{HEIGHT - 4}" text-anchor="end">{most_lines:.0f} M lines</text></g>')
    legend = "".join(f'<text x="{LEFT + number * WIDTH}" y="{HEIGHT + 14}" style="fill:{colour}">{name}</text>'
                     for number, (name, colour, _) in enumerate(SERIES))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(MEASURES)} {HEIGHT + 22}" width="{WIDTH * len(MEASURES)}" '
            f'font-family="sans-serif" font-size="10" role="img"><title>CPU time, memory and disk against lines</title>'
            f'<style>text{{fill:#53606b}}path{{stroke:#dedfdc}}polyline{{fill:none;stroke-width:2}}</style>'
            f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}{legend}</svg>\n')


def main():
    bench = Bench(options(__doc__).parse_args())
    bench.build()
    points = []
    print("| input | lines | import | build | peak | databases |\n| --- | --- | --- | --- | --- | --- |", flush=True)
    try:
        for name, years, scale in INPUTS:
            of = measure(bench, years, scale)
            points.append(of)
            print(f"| {name} | {of['lines']:.1f} M | {of['import']:.0f} CPU-s | {of['build']:.0f} CPU-s | "
                  f"{of['memory']:.0f} MB | {of['disk']:.0f} MB |", flush=True)
    finally:
        shutil.rmtree(bench.projects)
    (ROOT / "docs/growth.svg").write_text(plot(points))


if __name__ == "__main__":
    main()
