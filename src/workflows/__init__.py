"""zhibu: a county's party branches as events, from workbook to pipelines, reminders and whole histories."""

__version__ = "0.1.0"
