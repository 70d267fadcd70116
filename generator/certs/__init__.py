"""Certificates that fit the release: planned, made, inspected, checked and rotated.

plan.py says what a site needs; authority.py and signers.py make it; chain.py and verify.py judge it
as edgecore and edgemesh-agent would; rotate.py changes it without downtime.
"""
