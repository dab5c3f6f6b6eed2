"""The gallery: a dialog to choose a built-in experiment, with a picture of its data."""
