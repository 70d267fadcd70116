"""Certificates that fit the release: planned, made, inspected, checked and rotated.

plan.py lists what a site needs; ca.py and signers.py make it; chain.py and verify.py check it as edgecore
and edgemesh-agent do; rotate.py replaces a CA without downtime; as_text.py writes the results.
"""
