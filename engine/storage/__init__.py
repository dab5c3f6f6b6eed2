"""Files of the engine: sessions with their whole past, and share codes."""
