"""The pane of screen GLM with the distribution of y at the cursor."""
