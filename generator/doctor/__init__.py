"""Finds why the endpoint, kubectl logs or EdgeMesh of a live installation does not work.

Every module with checks reads what cluster.py has read, and asks the cluster for nothing else. The sentences
and their order are in generator/tables/causes.yaml.
"""
