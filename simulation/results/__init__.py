"""Courses as files and as figures."""
