"""Advice: what hampers a run, why, and what helps; one decision over all the evidence.

``situations`` is the table of situation, cause and cure, ``conditions`` says when each is there,
``evidence`` has the numbers.
"""
