"""`generator install`, `status` and `uninstall`: the charts as releases of a running cluster.

What is to be done is worked out first and is data (plan, order, needs, drift); apply and uninstall do it.
"""
