"""Reads, pairs and compares Kubernetes objects, with the defaults that the API server fills in."""
