"""Command line, API and pages: parse, call a use case or read a view, render; no rule, no SQL."""
