"""The field table and the list of custom resources, as data."""
