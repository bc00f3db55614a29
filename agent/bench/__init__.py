"""How fast it is: one file a table of figures."""
