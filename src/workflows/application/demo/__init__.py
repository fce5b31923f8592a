"""The demo: five years of an invented county, played through the commands under an injected clock."""

from workflows.application.demo.play import play_county
from workflows.application.demo.summary import DemoSummary

__all__ = ["DemoSummary", "play_county"]
