"""How the shipped models are made. Not in the wheel."""
