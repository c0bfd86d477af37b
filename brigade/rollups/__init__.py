"""Rollups: sums made once, that stand in for the records where the answer is the same.

A rollup has the column names of its extract. It holds one row for each combination of some of them
in a month or a day, with the sums of what can be added. Kept apart are

* what a query's text lets be read from sums (:mod:`~brigade.rollups.reading`) and what of an
  extract a rollup can hold (:mod:`~brigade.rollups.dimensions`),
* which rollups are worth having, as data (:mod:`~brigade.rollups.plan`),
* their text, one plain ``select … group by`` each (:mod:`~brigade.rollups.text`),
* making them with DuckDB (:mod:`~brigade.rollups.build`), and
* which of them answers a query (:mod:`~brigade.rollups.kept`),

so that another engine can make the same rollups from the same plan and text.
"""
