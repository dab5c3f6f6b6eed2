"""The numbers of a screen that can be explained, from its frame alone."""
