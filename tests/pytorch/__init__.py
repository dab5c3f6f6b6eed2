"""Drawn experiments, run by the engine and by PyTorch in float64, and compared number by number.

python -m tests.pytorch [N] [--seed S] [--run K]    (pip install torch==2.13.0)
"""
