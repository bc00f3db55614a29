"""How good it is: one file a table of figures."""
