"""What the user types: one file for each noun, all on the one command of `root`."""
