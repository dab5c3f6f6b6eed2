"""What asks the operating system: terminal, files, processes, environment, time."""
