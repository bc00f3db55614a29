"""The composition root: the only place that names concrete sensors, skills and edges."""
