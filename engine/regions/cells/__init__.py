"""How the plane is cut into convex cells, exactly: the machinery of counts and maps."""
