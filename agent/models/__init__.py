"""Which model: the catalogue, its verification, and the sealed workers that run models."""
