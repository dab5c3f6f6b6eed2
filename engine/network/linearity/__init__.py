"""How two weights multiply in a network that is linear in each of them."""
