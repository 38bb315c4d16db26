"""Claims: statements of the literature as executable checks.

A claim is an entry of a YAML file: :mod:`.schema` says what may stand in it, ``docs/claims.md``
shows it by example. :mod:`.reading` reads files and reports every fault with its line,
:mod:`.binding` holds them against a model, :mod:`.running` runs the experiments,
:mod:`.evaluation` returns verdicts, and :mod:`.pages` shows them, with figures (:mod:`.charts`,
:mod:`.curves`) and the rules that matter (:mod:`.involved`).
"""
