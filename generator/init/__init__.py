"""`generator init`: the questions whose answers make a first site file, and what a live cluster answers.

The answers become keys of a site, which the same checks as everywhere validate. This package asks nobody and
writes no file: `generator.cli` does.
"""

from generator.init.answers import Answers
from generator.init.from_cluster import read_cluster, site_in_cluster, told_by
from generator.init.interview import Interview, head_of, releases_of
from generator.init.questions import QUESTIONS, Question

__all__ = [
    "QUESTIONS",
    "Answers",
    "Interview",
    "Question",
    "head_of",
    "read_cluster",
    "releases_of",
    "site_in_cluster",
    "told_by",
]
