"""Other models of the same data: what keys of the screens Linear and GLM make of the network.

Solving is an event of the run and can be undone; everything else begins a new run.
"""
