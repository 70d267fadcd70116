"""`generator diff`: what a change does to the cluster.

Two sides are read or rendered (sources, renderings, live). Their objects are paired and compared (content,
configs, generator.kube). The changes get impacts (impact, fatal) and causes (causes), and formats writes the
report. shown hides the secrets in it.
"""
