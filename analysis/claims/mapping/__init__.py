"""Claims on models of others: what their names mean, and which claims they can be asked.

A mapping is a file, by example in ``docs/published.md``, of which :mod:`.schema` says what may
stand in it; :mod:`.reading` reads it and holds it against a model. :mod:`.readouts` and
:mod:`.planning` stand where those of our own models do, :mod:`.expressing` finds out which claims
can be asked and asks them, and :mod:`.scoreboard` counts over many models. The mappings in
``published/`` come with the package.
"""
