"""Claims: statements of the literature as executable checks.

A claim is an entry of a YAML file: :mod:`.schema` says what may stand in it, of what
:mod:`.fields`, and ``docs/claims.md`` shows it by example. :mod:`.reading` reads files and reports
every fault with its line, :mod:`.binding` holds them against a model, :mod:`.planning` turns their
experiments into :mod:`.plans` and :mod:`.readouts` their formulas into numbers, :mod:`.running`
runs the experiments, :mod:`.evaluation` returns verdicts, and :mod:`.pages` shows them.
"""
