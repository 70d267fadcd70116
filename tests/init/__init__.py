"""Tests of generator/init."""
