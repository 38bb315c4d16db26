"""Drawing targets from public measurements, where the rows of these are at hand.

What ships are the tables in ``targets/``; the rows that they are drawn from do not. ``make targets
DATA=FOLDER`` draws them anew from a folder with ``calibration.csv.gz`` and, for what was published
as a table of folds, ``hallmarks.csv``.
"""
