"""Lists every image that a site pulls, with the programs that use it and its name in the site's mirror.

The site is rendered twice, with and without images.registry; every pod spec and edgecore.yaml is read. Only
images that no manifest names come from a table (generator/tables/keadm-images.yaml).
"""
