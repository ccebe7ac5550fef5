#!/usr/bin/env python3
"""The fastest known reader of the same files, to hold the import against: Polars, streaming.

usage: POLARS_MAX_THREADS=2 polars_baseline.py FILE.csv.gz...        needs: pip install polars==2.1.0

It reads the columns that the official statistics need, counts the sales of one dwelling or premises and takes their mean and median
price by commune, kind and month, file by file. It keeps nothing.
"""

import csv
import gzip
import os
import resource
import sys
import time

os.environ.setdefault("POLARS_MAX_THREADS", "2")
import polars as pl

COLUMNS = ("id_mutation", "date_mutation", "code_departement", "code_commune", "id_parcelle", "nature_mutation",
           "code_type_local", "type_local", "valeur_fonciere", "surface_reelle_bati")
NATURES = ("Vente", "Vente en l'état futur d'achèvement", "Adjudication")

started = time.time()
cells = sales = 0
for path in sys.argv[1:]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        header = next(csv.reader(file))
    line = (pl.scan_csv(path, schema={name: pl.String for name in header}).select(COLUMNS)
            .filter(pl.col("code_type_local").is_in(["1", "2", "4"]) & pl.col("nature_mutation").is_in(NATURES)).unique())
    single = line.filter(pl.len().over("id_mutation") == 1)
    price = pl.col("valeur_fonciere").cast(pl.Float64, strict=False) / pl.col("surface_reelle_bati").cast(pl.Float64, strict=False)
    groups = (single.with_columns(price=price, month=pl.col("date_mutation").str.slice(0, 7))
              .filter(pl.col("price").is_finite() & (pl.col("price") < 100_000))
              .group_by("code_commune", "type_local", "month").agg(n=pl.len(), mean=pl.col("price").mean(), median=pl.col("price").median())
              .collect(engine="streaming"))
    cells, sales = cells + groups.height, sales + groups["n"].sum()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(f"{sales} sales, {cells} cells, {time.time() - started:.1f} s, peak {peak:.2f} GB")
