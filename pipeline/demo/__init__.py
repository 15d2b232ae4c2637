"""The demo: the sample company, two nights and its statements, with or without Airflow."""

from pipeline.demo.company import BOOKS, NIGHTS, samples
from pipeline.demo.runs import run

__all__ = ["BOOKS", "NIGHTS", "run", "samples"]
