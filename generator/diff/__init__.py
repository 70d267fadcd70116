"""`generator diff`: what a change does to the cluster.

Two sides are read or rendered (sources, recipes, live), their objects paired (pairs) and compared (content,
compare, configs, rights; values, defaults and pod_defaults say what means the same), judged (impact, fatal),
explained (causes) and written (formats); what is shown passes through secrets, which hides them.
"""

from generator.diff.report import DiffReport, report

__all__ = ["DiffReport", "report"]
