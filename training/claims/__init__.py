"""The claims model: prepare, train, export, evaluate."""
