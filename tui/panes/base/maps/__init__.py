"""Parts of maps: a legend below them, greys for sizes."""
