"""Terms of a regression: texts such as ``wt*hp + log(disp)``, and their columns."""
