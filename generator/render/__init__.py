"""Renders a site: documents in order, the tree of output files, and the scripts for keadm."""
