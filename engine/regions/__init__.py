"""Linear regions, knots and walks: where z⁽ᴸ⁾ is affine as a function of the inputs."""
