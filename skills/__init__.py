"""Every skill that ships, in the order they are asked."""
