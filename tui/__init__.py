"""The terminal app. It imports the engine; the engine never imports it."""
