"""How well a model predicts what was measured.

:mod:`.targets` reads tables of measured log2 ratios, :mod:`.names` what their lines, media,
stimuli, drugs and readouts are in a model, :mod:`.comparing` makes a pair of experiments of each,
:mod:`.predicting` runs every experiment once, and :mod:`.scores` says how near the model comes,
beside the rules of :mod:`.rules`. :mod:`.deriving` draws the tables from public data.
"""
