"""The numbers of a training step that screen Backprop shows, computed from a frame."""
