"""Random input to the app: keys, mouse, pastes and resizes, decided by a seed alone.

python -m tests.random_input [N] [--seed S] [--run K]
"""
