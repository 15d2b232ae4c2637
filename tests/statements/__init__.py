"""Customer statements."""
