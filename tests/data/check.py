#!/usr/bin/env python3
"""Reads what a site has to take away with the tools that people read it with, and runs the examples of its page.

usage: check.py ADDRESS SITE

ADDRESS is where the site is served, SITE its folder. Needs what requirements.txt lists, curl, jq and R.
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request
import xml.etree.ElementTree

import duckdb
import frictionless
import pandas


def plain(value):
    """A cell as text: nothing where there is nothing, whole numbers without decimals."""
    if pandas.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def tables(site):
    """Parquet has the cells of the CSV, in DuckDB and in pandas."""
    csv, parquet = site / "data/communes.csv", site / "data/communes.parquet"
    assert csv.read_bytes().startswith(b"\xef\xbb\xbf"), "a spreadsheet would not know that it is UTF-8"
    text = pandas.read_csv(csv, sep=";", decimal=",", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    expected = [[cell.replace(",", ".") if re.fullmatch(r"-?\d+,\d", cell) else cell for cell in row] for row in text.values.tolist()]
    expected = [[f"{float(cell):g}" if re.fullmatch(r"-?\d+\.\d", cell) else cell for cell in row] for row in expected]
    by_pandas = pandas.read_parquet(parquet, dtype_backend="numpy_nullable")
    by_duckdb = duckdb.sql(f"SELECT * FROM '{parquet}'")
    for name, columns, rows in [
        ("pandas", list(by_pandas.columns), by_pandas.astype(object).values.tolist()),
        ("DuckDB", by_duckdb.columns, by_duckdb.fetchall()),
    ]:
        assert columns == list(text.columns), name
        for wanted, found in zip(expected, rows, strict=True):
            assert [plain(cell) for cell in found] == wanted, f"{name}: {found} is not {wanted}"
    print(f"tables: {len(expected)} lines of {len(text.columns)} cells are the same as CSV and Parquet")


def series(site):
    """The long table has what the data files have."""
    found = duckdb.sql(f"SELECT * FROM '{site / 'data/series.parquet'}'")
    rows = [dict(zip(found.columns, row)) for row in found.fetchall()]
    files = {"commune": "villes/{}", "epci": "epci/{}", "departement": "departement/{}", "region": "region/{}", "pays": "france"}
    by_place = {}
    for row in rows:
        by_place.setdefault((row["niveau"], row["code"]), []).append(row)
    count = estimated = 0
    for (level, code), rows in by_place.items():
        data = json.loads((site / "data" / (files[level].format(code) + ".json")).read_text())
        for row in rows:
            kind = data["by_type"][row["type_local"]]
            if row["serie"] == "indice":
                [at] = [at for at in kind["index"]["quarters"] if at["quarter"] == row["periode"]]
                assert [row["ventes"], row["indice"], row["indice_bas"], row["indice_haut"]] == [at["n"], at["value"], *at["interval"]], (code, row)
            elif row["serie"] == "estimation":
                [at] = [at for at in kind["estimate"]["yearly"] if at["to"] == row["periode"]]
                assert [row["prix_m2"], row["prix_m2_estime"]] == [None, at["prix_m2"]], (code, row)
                estimated += 1
            else:
                points, name = (kind["yearly"], "year") if row["serie"] == "annee" else (kind["quarterly"], "quarter")
                [at] = [at for at in points if at[name] == row["periode"]]
                interval = at.get("prix_m2_interval") or [None, None]
                assert [row["ventes"], row["prix_m2"], row["prix_m2_bas"], row["prix_m2_haut"]] == [at["volume"], at.get("prix_m2"), *interval], (code, row)
                assert row["partielle"] == at.get("partial", False)
            count += 1
    assert {level for level, _ in by_place} == set(files)
    assert estimated > 0
    print(f"series: {count} lines of {len(by_place)} places, {estimated} of them estimates, are those of the data files")


def package(site):
    """The data package is valid, and so are the tables by what it says of them."""
    report = frictionless.validate("datapackage.json", basepath=str(site / "data"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]
    print(f"datapackage.json: {len(report.tasks)} tables are as it says")


def feeds(site):
    """Feeds have what Atom asks for."""
    atom = "{http://www.w3.org/2005/Atom}"
    paths = [site / "atom.xml", *site.glob("departement/*/atom.xml")]
    for path in paths:
        feed = xml.etree.ElementTree.parse(path).getroot()
        for part in [feed, *feed.findall(f"{atom}entry")]:
            for name in ("id", "title", "updated"):
                assert part.findtext(f"{atom}{name}"), f"{path}: no {name}"
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", part.findtext(f"{atom}updated"))
    print(f"feeds: {len(paths)}")


def examples(address):
    """Each example of the page runs and prints something."""
    page = urllib.request.urlopen(address + "data/").read().decode()
    # Examples name the address that the site is meant for.
    [home] = re.findall(r'<link rel="canonical" href="(.*?)data/">', page)
    run = {"sh": ["bash", "-e", "-o", "pipefail"], "python": [sys.executable], "r": ["Rscript"]}
    ran = set()
    for language, example in re.findall(r'<code data-language="(\w+)">(.*?)</code>', page, re.DOTALL):
        with tempfile.NamedTemporaryFile("w", suffix="." + language) as file:
            file.write(html.unescape(example).replace(home, address))
            file.flush()
            done = subprocess.run([*run[language], file.name], capture_output=True, text=True)
        assert done.returncode == 0 and re.search(r"\d{3}", done.stdout), f"{example}\n{done.stdout}{done.stderr}"
        ran.add(language)
    assert ran == set(run), ran
    print(f"examples: {', '.join(sorted(ran))}")


if __name__ == "__main__":
    served, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    tables(folder)
    series(folder)
    package(folder)
    feeds(folder)
    examples(served)
