"""Customer statements: open entries as of a date, composed as data, rendered with typst."""

from pipeline.statements.compose import compose
from pipeline.statements.render import Renderer, file_name, write_all

__all__ = ["Renderer", "compose", "file_name", "write_all"]
