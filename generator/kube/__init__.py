"""Kubernetes objects: read, compared, paired, with what the API server fills in."""
