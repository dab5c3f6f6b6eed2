"""The options of the settings panel."""
