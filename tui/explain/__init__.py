"""What of a screen can be explained."""
