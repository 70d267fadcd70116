"""`generator diff`: what a change does to the cluster.

Two sides are read or rendered (sources, recipes, live), their objects paired (pairs), compared (content,
compare, configs, rights, values), judged (impact), explained (causes) and written (formats); what is shown
passes through `shown`, which hides secrets.
"""

from generator.diff.report import Report, report

__all__ = ["Report", "report"]
