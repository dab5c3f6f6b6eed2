"""The built-in experiments, a TOML file each."""
