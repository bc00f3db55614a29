"""Where sound comes from: each of these is a child process of its own."""
