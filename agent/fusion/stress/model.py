"""The weights of stress, made by data/stress/train.py: learn anew, do not edit.  Pure."""

from agent.fusion.stress.strain import Weights

# electrodermal, electrodermal_rise, electrodermal_risen, heart, rmssd, skin_rise
WITH_ELECTRODERMAL = Weights(
    constant=-0.7117,
    each=(0.4479, 0.4195, 0.5151, 1.0847, -0.0265, -0.0941),
    rest=-1.1025,
)
HEART_ALONE = Weights(
    constant=-0.1023,
    each=(0.0000, 0.0000, 0.0000, 1.1175, -0.2691, -0.2713),
    rest=-0.3616,
)

# By these the recordings are known again that it was learned from.
TRAINED_ON = frozenset({
    "0739838b7a6e6908",
    "08342d76f5a7a87f",
    "08611fef06214376",
    "1768057178d3a290",
    "3c8e25499f175da4",
    "482f28715f1b6e4f",
    "7956ddc9e22a1eac",
    "84a1e2bdc052555d",
    "8886fbfc9c274d11",
    "888b770014e7df8e",
    "b9bfd704df074786",
    "c5737e5b45c1a8f8",
    "dbf75c4e979b95c0",
    "dfd89a6a7f528d27",
    "e3bb8d7ec8788da5",
    "fe56459fc00b07f1",
})  # fmt: skip
