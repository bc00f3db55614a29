"""Voice: what is heard becomes text in a worker, what is answered becomes sound."""
