#!/usr/bin/env python3
"""Files of companion sources for the whole of France, in the shapes of the Val-d'Oise's that ship, for national.py's --companions.

usage: benches/companions.py DIR

Each commune gets the lines of the commune of the Val-d'Oise whose population is nearest, under its own code, and its schools get
numbers of their own. The values are invented, then; lines, columns and reasons of absence are the real ones. A folder that is
there is left as it is, so that a source's national file can stand in the place of the invented one.
"""

import gzip
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILES = {
    "abc": ["zonage-abc-2025.csv.gz"],
    "bpe": ["bpe-2024.csv.gz"],
    "catnat": ["catnat-1982-2025.csv.gz"],
    "dpe": ["dpe-95.json.gz"],
    "ecoles": ["annuaire-education-2025.csv.gz"],
    "filosofi": ["filosofi-2021.csv.gz"],
    "fiscalite": ["fiscalite-locale-2025.csv.gz"],
    "ivac": ["ivac-2022-2023.csv.gz"],
    "lovac": ["lovac-2026-95.csv.gz"],
    "loyers": ["carte-des-loyers-2025-appartements.csv.gz", "carte-des-loyers-2025-maisons.csv.gz"],
    "population": ["population-2022.csv.gz"],
    "recensement": ["recensement-logement-2021.csv.gz"],
    "sitadel": ["sitadel-2022-2025-95.csv.gz"],
    "sru": ["sru-2025-95.csv.gz"],
    "tlv": ["zonage-tlv-2025.csv.gz"],
}
CODE = re.compile(r"\b95\d{3}\b")
SCHOOL = re.compile(r"\b095\d{4}[A-Z]\b")


def text(name):
    data = gzip.decompress((ROOT / "data/sample" / name).read_bytes())
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252"), "cp1252"


def donors():
    """Each commune's code and number, with the commune of the Val-d'Oise that lends it its lines."""
    communes = json.loads(gzip.decompress((ROOT / "data/cog/communes.json.gz").read_bytes()))
    communes = [commune for commune in communes if commune["type"] == "commune-actuelle"]
    lenders = sorted((commune.get("population", 0), commune["code"]) for commune in communes if commune["code"].startswith("95"))
    nearest = lambda people: min(lenders, key=lambda lender: abs(lender[0] - people))[1]
    return [(number, commune["code"], nearest(commune.get("population", 0))) for number, commune in enumerate(communes)]


def schools():
    """The number of each school of the Val-d'Oise within its commune, and the commune of each."""
    communes, numbers, count = {}, {}, {}
    for line in text(FILES["ecoles"][0])[0].splitlines():
        school, code = SCHOOL.search(line), CODE.search(line)
        if school and code:
            communes[school[0]] = code[0]
            count[code[0]] = count.get(code[0], 0) + 1
            numbers[school[0]] = count[code[0]]
    return communes, numbers


def repeated(lines, places, known):
    """The lines of the Val-d'Oise, once for each commune that borrows them."""
    communes, numbers = known
    lent = {}
    for line in lines:
        code, school = CODE.search(line), SCHOOL.search(line)
        owner = code[0] if code else communes.get(school[0]) if school else None
        if owner:
            lent.setdefault(owner, []).append(line)
    for number, code, lender in places:
        for line in lent.get(lender, ()):
            line = CODE.sub(code, line, count=1)
            yield SCHOOL.sub(lambda school: f"{number * 200 + numbers.get(school[0], 0):07}X", line)


def certificates(source, places):
    """An answer of the API with the certificates of each commune."""
    answer = json.loads(source)
    lent = {place["value"]: place for place in answer["aggs"]}
    aggs = [dict(lent[lender], value=code) for _, code, lender in places if lender in lent]
    return json.dumps({"total": sum(place["total"] for place in aggs), "total_values": len(aggs), "total_other": 0, "aggs": aggs})


def main(out):
    places, known = donors(), schools()
    for source, names in FILES.items():
        if (out / source).exists():
            continue
        (out / source).mkdir(parents=True)
        for name in names:
            content, encoding = text(name)
            if name.endswith(".json.gz"):
                made = certificates(content, places)
            else:
                header, *lines = content.splitlines()
                made = "\n".join([header, *repeated(lines, places, known), ""])
            (out / source / name).write_bytes(gzip.compress(made.encode(encoding), 6, mtime=0))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
